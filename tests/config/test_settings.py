"""What production asks of its environment before it starts, each time in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = (
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "SITE_LANGUAGES",
    "LANGUAGE_CODE",
    "TIME_ZONE",
    "PAGE_CACHE_PROXY_SECONDS",
)
PRINT = f"""
import json
from django.conf import settings
print(json.dumps([getattr(settings, name) for name in {NAMES}]))
"""
SOUND = {"SECRET_KEY": "long and random", "ALLOWED_HOSTS": "library.example"}


def started(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Load production's settings with nothing but these variables."""
    return subprocess.run(
        [sys.executable, "-c", PRINT],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "CHITALNYA_DATA_DIR": str(tmp_path),
        }
        | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def values(tmp_path: Path, **variables: str) -> dict[str, object]:
    result = started(tmp_path, **variables)
    assert result.returncode == 0, result.stderr
    return dict(zip(NAMES, json.loads(result.stdout), strict=True))


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_production_refuses_to_start_without_key_and_hosts(tmp_path, name, value):
    variables = {other: text for other, text in SOUND.items() if other != name}

    result = started(tmp_path, **variables, **({} if value is None else {name: value}))

    assert result.returncode == 1
    assert f"ImproperlyConfigured: Set {name}: " in result.stderr


@pytest.mark.parametrize("name", ["ALLOWED_HOSTS", "SITE_LANGUAGES"])
def test_production_refuses_a_list_of_nothing(tmp_path, name):
    result = started(tmp_path, **SOUND | {name: " , ,"})

    assert result.returncode == 1
    assert f"ImproperlyConfigured: {name} has commas with nothing between them." in result.stderr


def test_hosts_are_read_without_the_space_around_them(tmp_path):
    found = values(tmp_path, **SOUND | {"ALLOWED_HOSTS": " a.example, .b.example ,"})

    assert found["ALLOWED_HOSTS"] == ["a.example", ".b.example"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://a.example", "https://b.example"]


def test_empty_variable_counts_as_unset(tmp_path):
    found = values(tmp_path, **SOUND, SITE_LANGUAGES="", TIME_ZONE=" ", PAGE_CACHE_PROXY_SECONDS="")

    assert (found["SITE_LANGUAGES"], found["LANGUAGE_CODE"]) == (["en", "uk", "ru", "mk"], "en")
    assert (found["TIME_ZONE"], found["PAGE_CACHE_PROXY_SECONDS"]) == ("Europe/Kyiv", 0)


def test_proxy_may_be_allowed_to_answer_by_itself(tmp_path):
    assert values(tmp_path, **SOUND, PAGE_CACHE_PROXY_SECONDS="30")["PAGE_CACHE_PROXY_SECONDS"] == 30


def test_unknown_language_is_named(tmp_path):
    result = started(tmp_path, **SOUND, SITE_LANGUAGES="uk,de")

    assert result.returncode == 1
    assert "ImproperlyConfigured: SITE_LANGUAGES knows en, uk, ru, mk, not de." in result.stderr
