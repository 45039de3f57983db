"""The one door for signing in, and what people do with their account."""

from django.urls import include, path

from accounts import views

urlpatterns = [
    path("link/<str:token>/", views.sign_in_by_link, name="accounts_sign_in_link"),
    path("second-factor/", views.second_factor, name="accounts_second_factor"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
