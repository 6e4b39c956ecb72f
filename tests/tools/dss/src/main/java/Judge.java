import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.util.Arrays;

/**
 * Judges signatures with EU DSS, offline, by its own policy: Judge ROOT.pem FILE.pdf...
 * For each signature a line: file, indication, level. For a file that it can't read: file, REFUSED, exception.
 */
public final class Judge {
    public static void main(String[] arguments) {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        trusted.addCertificate(DSSUtils.loadCertificate(new File(arguments[0])));
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        verifier.setAIASource(null);
        for (String file : Arrays.asList(arguments).subList(1, arguments.length)) {
            try {
                judge(verifier, file);
            } catch (RuntimeException refused) {
                System.out.println(file + "\tREFUSED\t" + refused.getClass().getSimpleName());
            }
        }
    }

    private static void judge(CommonCertificateVerifier verifier, String file) {
        SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(file));
        validator.setCertificateVerifier(verifier);
        Reports reports = validator.validateDocument();
        SimpleReport report = reports.getSimpleReport();
        for (SignatureWrapper signature : reports.getDiagnosticData().getSignatures()) {
            String id = signature.getId();
            SignatureLevel level = report.getSignatureFormat(id);
            System.out.println(file + "\t" + report.getIndication(id) + "\t" + level);
            report.getAdESValidationErrors(id).forEach(message -> System.err.println(file + ": error: " + message.getValue()));
            report.getAdESValidationWarnings(id).forEach(message -> System.err.println(file + ": warning: " + message.getValue()));
        }
    }
}
