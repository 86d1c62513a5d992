"""How allauth is told our ways: nobody signs up by themselves, a deactivated person cannot come in."""

from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def is_safe_url(self, url):
        """Whether a person may be sent on there; what cannot even be read as an address is no place to go."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False
