"""Line pictures, 24 by 24, drawn for this house."""

from __future__ import annotations

ICONS = {
    "today": '<path d="M4 6h16v14H4zM4 10h16M8 3v4M16 3v4"/><path d="m9 15 2 2 4-4"/>',
    "child": ('<circle cx="12" cy="8" r="4"/><path d="M5 21c0-4 3-7 7-7s7 3 7 7"/><path d="M10.5 8.5h.01M13.5 8.5h.01"/>'),
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "count": ('<path d="M4 6h10M4 12h10M4 18h10"/><path d="m17 6 1.5 1.5L21 5M17 12l1.5 1.5L21 11M17 18l1.5 1.5L21 17"/>'),
    "shield": '<path d="M12 3 4 6v6c0 5 3.5 8 8 9 4.5-1 8-4 8-9V6z"/><path d="m9 9 6 6M15 9l-6 6"/>',
    "people": (
        '<circle cx="9" cy="8" r="3.5"/>'
        '<path d="M3 20c0-3.5 2.5-6 6-6s6 2.5 6 6"/>'
        '<path d="M16 5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .8 3 2.8 3 5.5"/>'
    ),
    "flag": '<path d="M5 21V4M5 4h13l-2.5 4L18 12H5"/>',
    "glass": '<path d="M10.5 3a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM16 16l5 5"/>',
    "chain": '<path d="M9 12h6M10 7H7a5 5 0 0 0 0 10h3M14 7h3a5 5 0 0 1 0 10h-3"/>',
    "family": (
        '<path d="M4 4h6v6H4z"/><circle cx="17" cy="7" r="3"/>'
        '<path d="M10 7h4M12 7v7M8.5 14h7"/><circle cx="8.5" cy="18" r="2.5"/><path d="M13 15.5h5v5h-5zM8.5 14v1.5M15.5 14v1.5"/>'
    ),
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 21c0-4.5 3.5-7 8-7s8 2.5 8 7"/>',
    "alarm": '<path d="M12 3 2 20h20z"/><path d="M12 10v4M12 17h.01"/>',
    "hand": '<path d="M3 12h13M12 7l5 5-5 5"/><path d="M20 5v14"/>',
    "eye": '<path d="M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12z"/><circle cx="12" cy="12" r="3"/>',
    "merge": '<path d="M6 4v4c0 4 6 4 6 8v4M18 4v4c0 4-6 4-6 8"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "check": '<path d="m5 12 5 5L19 7"/>',
    "cross": '<path d="M6 6l12 12M18 6 6 18"/>',
    "print": '<path d="M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z"/>',
    "search": '<circle cx="11" cy="11" r="7"/><path d="m16 16 5 5"/>',
    "heart": '<path d="M3 12h4l2-5 4 10 2-5h6"/>',
    "lock": '<path d="M6 11h12v10H6zM8 11V8a4 4 0 0 1 8 0v3"/>',
    "hide": (
        '<path d="M3 3l18 18M10 5.2A10 10 0 0 1 12 5c6 0 10 7 10 7a17 17 0 0 1-3 3.6'
        'M6 7a17 17 0 0 0-4 5s4 7 10 7a10 10 0 0 0 4.5-1"/>'
    ),
    "camera": '<path d="M4 8h4l2-3h4l2 3h4v12H4z"/><circle cx="12" cy="13.5" r="3.5"/>',
    "cot": '<path d="M4 5v14M20 9v10M4 9h16M4 16h16M8 9v7M12 9v7M16 9v7"/>',
    "house": (
        '<path d="m3 12 9-8 9 8M6 10v10h12V10"/>'
        '<path d="M12 18s-3-1.7-3-3.7a1.6 1.6 0 0 1 3-.6 1.6 1.6 0 0 1 3 .6c0 2-3 3.7-3 3.7z"/>'
    ),
    "sheet": '<path d="M5 3h14v18H5zM5 9h14M5 15h14M11 9v12"/>',
    "tube": '<path d="M8 3h8M9 3v14a3 3 0 0 0 6 0V3M9 12h6"/>',
    "scan": '<path d="M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 8v8M11 8v8M13.5 8v8M16 8v8"/>',
    "pin": '<path d="M12 21s-7-6.5-7-12a7 7 0 0 1 14 0c0 5.5-7 12-7 12z"/><circle cx="12" cy="9" r="2.5"/>',
    "match": '<circle cx="9" cy="12" r="6"/><circle cx="15" cy="12" r="6"/>',
    "home": '<path d="m3 11 9-8 9 8M6 9v11h12V9"/><path d="M2 15h11M10 12l3 3-3 3"/>',
    "menu": '<path d="M4 6h16M4 12h16M4 18h16"/>',
}
