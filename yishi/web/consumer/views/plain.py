"""Pages without a parcel: the choice of language, the poster."""

from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from yishi.kit.errors import NotFound
from yishi.network.queries import find_outlet


@csrf_exempt  # nothing but a display choice, and the page must work where cookies are refused
@require_http_methods(["GET", "HEAD", "POST"])
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie and go back to where the reader was."""
    onward = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()}):
        onward = "/"
    response = HttpResponseRedirect(onward)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@require_safe
def poster(request: HttpRequest, outlet_code: str) -> HttpResponse:
    """The printable poster of an outlet; its QR leads to the look-up and says which outlet it hangs in."""
    outlet = find_outlet(outlet_code)
    if outlet is None:
        raise NotFound
    origin = settings.ENVIRONMENT.web_origin
    address = f"{origin}{reverse('consumer:look_up')}?{urlencode({'o': outlet.code})}"
    from yishi.web.consumer.poster import poster_pdf  # with all that makes a PDF

    body = poster_pdf(outlet_name=outlet.name, outlet_phone=outlet.phone, address=address)
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="yishi-{quote(outlet.code)}.pdf"'
    return response
