"""The kinship report: what a court reads of one comparison, as PDF in three languages.

    facts = ReportFacts(case_number, child_number, request_number, ..., frequencies=frequencies_used(assessment, models))
    pdf = report_pdf(facts, assessment, "vi")
    kept = (facts.to_json(), assessment.to_json(), what_made_it())

Pure: no database, no clock. What went in is kept as JSON; from that and the same tools the same bytes come out.
docs/reference/kinship-report.md says what each part tells.
"""

from wayhome.casework.matching.report.facts import (
    LANGUAGES,
    ConsentFacts,
    FrequencyFacts,
    Hop,
    ReaderFacts,
    ReportFacts,
    SampleFacts,
    frequencies_used,
)
from wayhome.casework.matching.report.pdf import report_pages, report_pdf, what_made_it
from wayhome.casework.matching.report.typesetting import FontMissing

__all__ = [
    "LANGUAGES",
    "ConsentFacts",
    "FontMissing",
    "FrequencyFacts",
    "Hop",
    "ReaderFacts",
    "ReportFacts",
    "SampleFacts",
    "frequencies_used",
    "report_pages",
    "report_pdf",
    "what_made_it",
]
