"""The mails of `make run`: /mail/."""

from django.urls import path

from returns.views import mail_sink

app_name = "mail_sink"
urlpatterns = [
    path("", mail_sink.mail_list, name="list"),
    path("<str:name>/", mail_sink.mail_page, name="mail"),
    path("<str:name>/html/", mail_sink.mail_html, name="html"),
]
