"""The menu of the operator's pages, for their base template."""

from django import template
from django.template.context import Context

from yishi.web.manage.menu import Group, menu_of

register = template.Library()


@register.simple_tag(takes_context=True)
def manage_menu(context: Context) -> list[Group]:
    return menu_of(context["viewer"], str(context.get("tab", "")))
