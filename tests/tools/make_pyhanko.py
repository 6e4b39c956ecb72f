"""Signs with pyHanko: make_pyhanko.py FOLDER -> root.pem and signed PDFs of several kinds from FOLDER/plain.pdf."""
import datetime
import sys
from pathlib import Path

from asn1crypto import crl as asn1_crl, keys, ocsp as asn1_ocsp, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

folder = Path(sys.argv[1])
now = datetime.datetime.now(datetime.timezone.utc)


def name(text):
    *organisation, common_name = text.split("/")
    organisation = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, one) for one in organisation]
    return x509.Name([*organisation, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def certificate(subject, key, issuer, issuer_key, *extensions):
    builder = (x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer)).public_key(key.public_key())
               .serial_number(x509.random_serial_number())
               .not_valid_before(now - datetime.timedelta(minutes=5)).not_valid_after(now + datetime.timedelta(days=30)))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256())


def usage(**set_ones):
    names = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{one: one in set_ones for one in names}), True


def asn1(certificate):
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def private(key):
    return keys.PrivateKeyInfo.load(key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


root_key, signer_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
# The stand-in for an authority signs with RSA alone.
authority_key = rsa.generate_private_key(65537, 2048)
root = certificate("Root", root_key, "Root", root_key,
                   (x509.BasicConstraints(True, None), True), usage(key_cert_sign=1, crl_sign=1))
# RFC 9608.
no_revocation = (x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.56"), b"\x05\x00"), False)
signer_certificate = certificate("Signer", signer_key, "Root", root_key, usage(content_commitment=1), no_revocation)
authority = certificate("Authority", authority_key, "Root", root_key, usage(digital_signature=1), no_revocation,
                        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True))
(folder / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))

store = SimpleCertificateStore.from_certs([asn1(root)])
signer = signers.SimpleSigner(asn1(signer_certificate), private(signer_key), store)
stamper = timestamps.DummyTimeStamper(asn1(authority), private(authority_key), store)
context = ValidationContext(trust_roots=[asn1(root)], allow_fetching=False)
PADES = fields.SigSeedSubFilter.PADES


def sign(source, target, field, stamped=False, spec=None, **options):
    with open(folder / source, "rb") as read, open(folder / target, "wb") as written:
        writer = IncrementalPdfFileWriter(read)
        metadata = signers.PdfSignatureMetadata(field_name=field, subfilter=PADES, **options)
        signers.PdfSigner(metadata, signer, timestamper=stamper if stamped else None, new_field_spec=spec).sign_pdf(writer, output=written)


sign("plain.pdf", "once.pdf", "First")
sign("once.pdf", "twice.pdf", "Second")
sign("plain.pdf", "visible.pdf", "First", spec=fields.SigFieldSpec("First", box=(300, 40, 500, 100)))
sign("visible.pdf", "visible-twice.pdf", "Second", spec=fields.SigFieldSpec("Second", box=(300, 120, 500, 180)))
sign("plain.pdf", "stamped.pdf", "First", stamped=True)
lta = {"embed_validation_info": True, "use_pades_lta": True, "validation_context": context}
sign("plain.pdf", "lta.pdf", "First", stamped=True, **lta)
sign("lta.pdf", "lta-twice.pdf", "Second", stamped=True, **lta)
sign("plain.pdf", "certified.pdf", "First", certify=True, docmdp_permissions=fields.MDPPerm.FILL_FORMS)
sign("certified.pdf", "certified-signed.pdf", "Second")
with open(folder / "plain.pdf", "rb") as read, open(folder / "prepared.pdf", "wb") as written:
    prepared = IncrementalPdfFileWriter(read)
    for number, field in enumerate(["First", "Second"]):
        fields.append_signature_field(prepared, fields.SigFieldSpec(field, box=(300, 40 + 80 * number, 500, 100 + 80 * number)))
    prepared.write(written)
sign("prepared.pdf", "prepared-first.pdf", "First")
sign("prepared-first.pdf", "prepared-second.pdf", "Second")


def pem(name, value):
    (folder / name).write_bytes(value.public_bytes(serialization.Encoding.PEM))


def revocation_list(issuer, key, *revoked):
    builder = (x509.CertificateRevocationListBuilder().issuer_name(name(issuer))
               .last_update(now - datetime.timedelta(minutes=4)).next_update(now + datetime.timedelta(days=3)))
    for one in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(one.serial_number).revocation_date(now - datetime.timedelta(minutes=3))
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(key, hashes.SHA256())


# A signer below an intermediate authority, whose certificates can be revoked.
middle_key, below_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
middle = certificate("Middle", middle_key, "Root", root_key,
                     (x509.BasicConstraints(True, 0), True), usage(key_cert_sign=1, crl_sign=1))
below = certificate("Below", below_key, "Middle", middle_key, usage(content_commitment=1))
pem("root.crl", revocation_list("Root", root_key))
pem("middle.crl", revocation_list("Middle", middle_key))
pem("revoked.crl", revocation_list("Middle", middle_key, below))
pem("middle-revoked.crl", revocation_list("Root", root_key, middle))
pem("forged.crl", revocation_list("Middle", below_key))
signer = signers.SimpleSigner(asn1(below), private(below_key), SimpleCertificateStore.from_certs([asn1(middle)]))
sign("plain.pdf", "below.pdf", "First")
sign("plain.pdf", "below-stamped.pdf", "First", stamped=True)
answer = (ocsp.OCSPResponseBuilder()
          .add_response(below, middle, hashes.SHA1(), ocsp.OCSPCertStatus.GOOD, now - datetime.timedelta(minutes=1),
                        now + datetime.timedelta(days=1), None, None)
          .responder_id(ocsp.OCSPResponderEncoding.HASH, middle).sign(middle_key, hashes.SHA256()))
context = ValidationContext(
    trust_roots=[asn1(root)], other_certs=[asn1(middle)], allow_fetching=False, revocation_mode="soft-fail",
    ocsps=[asn1_ocsp.OCSPResponse.load(answer.public_bytes(serialization.Encoding.DER))],
    crls=[asn1_crl.CertificateList.load(revocation_list("Root", root_key).public_bytes(serialization.Encoding.DER))])
sign("plain.pdf", "below-ocsp.pdf", "First", stamped=True, embed_validation_info=True, validation_context=context)
# One that may name those of its own organisation alone.
bounded_key, bounded_signer_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
own = x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Kommun")]))
bounded = certificate("Bounded", bounded_key, "Root", root_key, (x509.BasicConstraints(True, 0), True), usage(key_cert_sign=1),
                      (x509.NameConstraints([own], None), True), no_revocation)
for subject in ["Kommun/Inside", "Other/Outside"]:
    one = certificate(subject, bounded_signer_key, "Bounded", bounded_key, usage(content_commitment=1), no_revocation)
    signer = signers.SimpleSigner(asn1(one), private(bounded_signer_key), SimpleCertificateStore.from_certs([asn1(bounded)]))
    sign("plain.pdf", subject.split("/")[1].lower() + ".pdf", "First")
# One that is no authority, and issues all the same.
forger_key, forged_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
forger = certificate("Forger", forger_key, "Root", root_key, usage(content_commitment=1), no_revocation)
forged = certificate("Forged", forged_key, "Forger", forger_key, usage(content_commitment=1), no_revocation)
signer = signers.SimpleSigner(asn1(forged), private(forged_key), SimpleCertificateStore.from_certs([asn1(forger)]))
sign("plain.pdf", "forged.pdf", "First")
