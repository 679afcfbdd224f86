"""Which address is whose, and whether that is certain."""

from allauth.account.models import EmailAddress

from people.models import User


def vouch_for(user: User) -> None:
    """Count the account's address as verified: whoever entered it, an administrator or the operator, vouches for it.

    Addresses that somebody only claims, by signing up or by changing the own address, are verified by a letter.
    """
    if EmailAddress.objects.filter(user=user, email__iexact=user.email, primary=True, verified=True).exists():
        return
    EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email.lower(), defaults={"primary": True, "verified": True}
    )
