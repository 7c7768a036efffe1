"""Pages of people's own accounts: those of django-allauth that we lay out ourselves, under its names, and ours."""

from django.urls import include, path, re_path

from accounts import address_views, staff_views, views

ours = [
    path("", views.home, name="home"),
    path("staff/", staff_views.staff, name="staff"),
    path("staff/invite/", staff_views.invite, name="staff_invite"),
    path("staff/<uuid:person_id>/", staff_views.person, name="staff_person"),
    path("staff/<uuid:person_id>/disable/", staff_views.disable, name="staff_disable"),
    path("staff/<uuid:person_id>/enable/", staff_views.enable, name="staff_enable"),
    path("staff/<uuid:person_id>/invite-again/", staff_views.invite_again, name="staff_invite_again"),
    path("invited/<str:invitation_token>/", staff_views.invited, name="invited"),
]

urlpatterns = [
    path("", include((ours, "accounts"))),
    path("login/", views.SignInView.as_view(), name="account_login"),
    path("logout/", views.SignOutView.as_view(), name="account_logout"),
    path("signup/", views.SignUpView.as_view(), name="account_signup"),
    path("confirm-email/", views.AddressMailedView.as_view(), name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", views.confirm_address, name="account_confirm_email"),
    path("email/", address_views.ask, name="account_change_email"),
    path("email/sent/", address_views.sent, name="account_change_email_sent"),
    path("email/confirm/<str:address_token>/", address_views.confirm, name="account_confirm_new_email"),
    path("password/change/", views.ChangePasswordView.as_view(), name="account_change_password"),
    path("password/reset/", views.ForgotPasswordView.as_view(), name="account_reset_password"),
    path("password/reset/done/", views.ForgotPasswordSentView.as_view(), name="account_reset_password_done"),
    path("password/reset/key/done/", views.NewPasswordSavedView.as_view(), name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[^/]+)/$",
        views.NewPasswordView.as_view(),
        name="account_reset_password_from_key",
    ),
]
