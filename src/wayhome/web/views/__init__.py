"""Views, one file a screen."""
