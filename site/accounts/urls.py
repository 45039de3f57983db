"""The one door for signing in, and what people do with their account."""

from allauth.account import views as allauth_views
from django.urls import include, path

from accounts import views
from accounts.language import in_language_of_origin

urlpatterns = [
    path("login/", in_language_of_origin(allauth_views.login), name="account_login"),
    path("signup/", in_language_of_origin(allauth_views.signup), name="account_signup"),
    path("link/<str:token>/", views.sign_in_by_link, name="accounts_sign_in_link"),
    path("second-factor/", views.second_factor, name="accounts_second_factor"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
