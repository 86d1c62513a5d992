"""Who: agencies, their bond with brands, people, and the seats that say what a person may do."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tenants.models import Brand

from .roles import CLIENT_ROLES, Role


class Agency(models.Model):
    """The firm that uses Tugon."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self):
        return self.name


class Engagement(models.Model):
    """The bond agency × brand; a brand has at most one running engagement."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="engagements")
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="engagements")
    terms = models.TextField(blank=True)
    began_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand"], condition=Q(ended_at=None), name="engagement_one_running_per_brand"
            )
        ]

    def __str__(self):
        return f"{self.agency} × {self.brand}"


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A person. Signs in by e-mail; is deactivated, never deleted: history names them."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("as the device")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="people")
    language = models.CharField(_("language"), max_length=8, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Manila")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self):
        return self.name or self.email

    # Tugon asks seats, never Django's permissions; third-party code that asks for those gets a plain no.
    is_staff = False
    is_superuser = False

    def has_perm(self, perm, obj=None):
        return False

    def has_module_perms(self, label):
        return False


class Seat(models.Model):
    """User × brand × role. A seat without a brand is a director's: every brand its agency is engaged for."""

    user = models.ForeignKey(User, models.CASCADE, related_name="seats")
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="seats")
    brand = models.ForeignKey(Brand, models.CASCADE, null=True, blank=True, related_name="seats")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "brand", "role"], condition=Q(is_active=True), name="seat_once_per_role"
            ),
            models.UniqueConstraint(
                fields=["user", "agency", "role"],
                condition=Q(is_active=True, brand=None),
                name="seat_once_per_agency",
            ),
            models.CheckConstraint(
                condition=Q(brand__isnull=False) | Q(role=Role.DIRECTOR), name="seat_every_brand_is_directors"
            ),
        ]
        indexes = [models.Index(fields=["brand", "is_active"], name="seat_people_of_brand")]

    def __str__(self):
        return f"{self.user} · {self.brand or self.agency} · {self.role}"

    @property
    def is_client(self):
        return self.role in CLIENT_ROLES


class Invitation(models.Model):
    """A letter that lets one person take one seat. Only the hash of its token is kept."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="invitations")
    brand = models.ForeignKey(Brand, models.CASCADE, null=True, blank=True)
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return self.email


class AgencyEvent(models.Model):
    """One line of the agency's own history: who gave or ended which seat. Triggers refuse to change it."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)  # "seat.given"
    by_id = models.BigIntegerField(null=True)  # the person, who is never deleted; None is Tugon itself
    by_name = models.CharField(max_length=120)
    person_id = models.BigIntegerField(null=True)  # to whom it happened
    person_name = models.CharField(max_length=120, blank=True)
    brand = models.CharField(max_length=120, blank=True)  # its name as it was
    role = models.CharField(max_length=20, choices=Role, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["agency", "-at"], name="agency_event_newest")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.person_name}"

    WORDS = {
        "invitation.sent": _("invited %(person)s as %(role)s"),
        "invitation.revoked": _("took back the invitation of %(person)s as %(role)s"),
        "seat.given": _("gave %(person)s the seat of %(role)s"),
        "seat.changed": _("made %(person)s %(role)s"),
        "seat.ended": _("ended the seat of %(person)s as %(role)s"),
        "person.deactivated": _("shut %(person)s out"),
        "person.reactivated": _("let %(person)s in again"),
        "brand.ordered": _("added the brand"),
        "brand.changed": _("changed how the brand is called or looks"),
        "brand.suspended": _("suspended the brand"),
        "brand.active": _("took the brand up again"),
        "brand.closed": _("closed the brand"),
    }

    @property
    def words(self):
        """What was done, as the rest of a sentence that begins with the doer's name."""
        return self.WORDS[self.kind] % {"person": self.person_name, "role": self.get_role_display()}
