"""Judges a PDF's signatures with pyHanko: judge_pyhanko.py ROOTS.pem FILE.pdf... -> a JSON list for each."""
import json
import logging
import sys

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)
roots = list(load_certs_from_pemder([sys.argv[1]]))


def judge(signature):
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    fact = {"field": signature.field_name}
    try:
        if signature.sig_object["/SubFilter"] == "/ETSI.RFC3161":
            status = validate_pdf_timestamp(signature, validation_context=context)
            fact["ok"] = status.valid and status.intact and status.trusted
        else:
            status = validate_pdf_signature(signature, signer_validation_context=context, ts_validation_context=context)
            stamp = status.timestamp_validity
            fact["ok"] = bool(status.bottom_line and (stamp is None or stamp.valid and stamp.trusted))
            fact["timestamped"] = stamp is not None
            fact["modification"] = str(status.modification_level)
        fact["coverage"] = str(status.coverage)
        if "ENTIRE" not in fact["coverage"]:
            fact["ok"] = False
    except Exception as error:  # a refusal to judge is a verdict too
        fact.update(ok=False, error=f"{type(error).__name__}: {error}")
    return fact


def judge_file(name):
    with open(name, "rb") as file:
        # Strict, it judges no hybrid-reference file at all.
        strict = b"/XRefStm" not in file.read()
        try:
            return [judge(signature) for signature in PdfFileReader(file, strict=strict).embedded_signatures]
        except Exception as error:
            return [{"field": None, "ok": False, "error": f"{type(error).__name__}: {error}"}]


print(json.dumps({name: judge_file(name) for name in sys.argv[2:]}))
