"""Addresses of pages."""

from django.contrib.auth import views as auth
from django.urls import URLPattern, path

from tocsin.web.pages import incident, incidents, stream

urlpatterns: list[URLPattern] = [
    path("", incidents.index, name="incidents"),
    path("login", auth.LoginView.as_view(template_name="login.html", redirect_authenticated_user=True), name="login"),
    path("logout", auth.LogoutView.as_view(), name="logout"),
    path("incidents/<int:number>", incident.page, name="incident"),
    path("incidents/<int:number>/live", incident.live, name="incident-live"),
    path("incidents/<int:number>/status", incident.status, name="incident-status"),
    path("incidents/<int:number>/severity", incident.severity, name="incident-severity"),
    path("incidents/<int:number>/assignee", incident.assignee, name="incident-assignee"),
    path("incidents/<int:number>/notes", incident.note, name="incident-note"),
    path("incidents/<int:number>/investigations", incident.investigate, name="incident-investigate"),
    path("incidents/<int:number>/evidence/<int:ordinal>", incident.evidence, name="incident-evidence"),
    path("signals/<int:signal>", incident.signal, name="signal"),
    path("events", stream.events, name="events"),
]
