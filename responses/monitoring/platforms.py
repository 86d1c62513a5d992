"""Where a mention stands in public: the network, or the site of the paper, as people call it."""

from urllib.parse import urlsplit

from .models import Source

# Kinds of source that are one network each; the others bring in what stands on many sites.
NETWORKS = {
    Source.Kind.BLUESKY: "Bluesky",
    Source.Kind.STREAM: "Bluesky",
    Source.Kind.MASTODON: "Mastodon",
    Source.Kind.REDDIT: "Reddit",
    Source.Kind.HACKERNEWS: "Hacker News",
    Source.Kind.YOUTUBE: "YouTube",
    Source.Kind.X: "X",
    Source.Kind.FACEBOOK: "Facebook",
    Source.Kind.INSTAGRAM: "Instagram",
    Source.Kind.GOOGLE: "Google",
    Source.Kind.APP_STORE: "App Store",
    Source.Kind.PLAY_STORE: "Google Play",
}
HOSTS = {
    "bsky.app": "Bluesky", "reddit.com": "Reddit", "news.ycombinator.com": "Hacker News",
    "youtube.com": "YouTube", "youtu.be": "YouTube", "x.com": "X", "twitter.com": "X",
    "facebook.com": "Facebook", "fb.com": "Facebook", "instagram.com": "Instagram",
    "tiktok.com": "TikTok", "threads.net": "Threads", "threads.com": "Threads",
}  # fmt: skip


def platform_of(mention) -> str:
    """“Bluesky”, “inquirer.net”; the source's own name where no address tells."""
    known = NETWORKS.get(mention.source.kind)
    if known:
        return known
    host = host_of(mention.url)
    return HOSTS.get(host, host or mention.source.name)[:80]


def host_of(url: str) -> str:
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    return host.removeprefix("www.").removeprefix("m.")
