"""Whose an entry of the cache is: the brand's in whose schema it was made, unless it is about a person."""

from django.db import connection
from django_tenants.utils import get_public_schema_name

OF_PEOPLE = "allauth"  # sign-ins, guesses at a code, used codes: a person has one count, whatever the brand


def make_key(key, key_prefix, version):
    """django_tenants' key, but with the public schema for what allauth keeps."""
    is_shared = str(key).startswith(OF_PEOPLE)
    schema = get_public_schema_name() if is_shared else connection.schema_name
    return f"{schema}:{key_prefix}:{version}:{key}"
