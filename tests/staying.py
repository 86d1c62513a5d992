"""A browser for tests that also do deeds: after a request this thread is in the schema it was in before.

The middleware leaves the schema after each request, as it must in a server's thread.
"""

from django.test import Client

from tenants import context


class StayingClient(Client):
    def request(self, **request):
        brand = context.current()
        context.leave()
        try:
            return super().request(**request)
        finally:
            if brand:
                context.enter(brand)
