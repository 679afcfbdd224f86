"""The addresses of the platform and, before them, the two baselines it is compared with."""

from django.urls import path

from bench.baselines import bare, constant, query
from config.urls import urlpatterns as platform

urlpatterns = [
    path("bench/bare/", bare),
    path("bench/constant/<path:address>", constant),
    path("bench/query/<path:address>", query),
    *platform,
]
