"""How often one is written to, and the end of it by the link of a letter, without a log-in."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from matching.alerts import links as alerts_links
from matching.alerts.links import SIMILAR, WATCHED, Stream
from matching.models import AlertSettings, Rhythm
from people.current import person_of
from people.links.capability_urls import address_is_key
from people.teams.teams import is_member

GONE = 410


class AlertSettingsForm(forms.ModelForm):
    class Meta:
        model = AlertSettings
        fields = ("similar", "watched")
        labels = {
            "similar": gettext_lazy("New projects that are much like mine"),
            "watched": gettext_lazy("News of what I watch, and of demands my body shares"),
        }


@never_cache
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """The rhythm of each kind of letter; saved searches have one each."""
    user = person_of(request)
    row = AlertSettings.objects.filter(user=user).first() or AlertSettings(user=user)
    form = AlertSettingsForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        for kind, rhythm in ((SIMILAR, form.cleaned_data["similar"]), (WATCHED, form.cleaned_data["watched"])):
            Stream(user, kind).set_rhythm(Rhythm(rhythm))
        messages.success(request, _("Your choice is saved."))
        return redirect("alert_settings")
    context = {"form": form, "searches": user.saved_searches.all(), "is_member": is_member(user)}
    return render(request, "matching/alert_settings.html", context)


@address_is_key
@csrf_exempt  # the signed address is what allows it; programs that unsubscribe have no cookies (RFC 8058)
def unsubscribe(request: HttpRequest, signed: str) -> HttpResponse:
    """Opening the link changes nothing, because programs that look into letters open links; sending it does."""
    stream = alerts_links.read(signed)
    if stream is None:
        return render(request, "matching/alert_no_link.html", status=GONE)
    if request.method == "POST":
        stream.set_rhythm(Rhythm.DAILY if "back" in request.POST else Rhythm.NEVER)
    context = {"stream": stream, "is_ended": stream.rhythm == Rhythm.NEVER, "is_sent": request.method == "POST"}
    return render(request, "matching/alert_unsubscribe.html", context)
