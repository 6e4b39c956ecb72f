import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Judges files with veraPDF by every flavour that each claims in its metadata: VeraPdf FILE.pdf...
 * For each file and flavour a line: file, flavour, PASS or FAIL, and the clauses that fail; `none` without a claim.
 */
public final class VeraPdf {
    public static void main(String[] files) {
        LogManager.getLogManager().reset();
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        for (String file : files) {
            for (PDFAFlavour flavour : claimed(file)) {
                System.out.println(file + "\t" + judge(file, flavour));
            }
        }
    }

    private static List<PDFAFlavour> claimed(String file) {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file))) {
            List<PDFAFlavour> flavours = new ArrayList<>(parser.getFlavours());
            flavours.remove(PDFAFlavour.NO_FLAVOUR);
            return flavours.isEmpty() ? List.of(PDFAFlavour.NO_FLAVOUR) : flavours;
        } catch (Exception error) {
            throw new IllegalStateException(file, error);
        }
    }

    private static String judge(String file, PDFAFlavour flavour) {
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            return "none\tPASS\t";
        }
        // A parser and a validator serve one validation only.
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            TreeSet<String> failed = new TreeSet<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    failed.add(assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber() + " " + assertion.getMessage());
                }
            }
            return flavour.getId() + "\t" + (result.isCompliant() ? "PASS" : "FAIL") + "\t" + String.join("; ", failed).replaceAll("\\s+", " ");
        } catch (Exception error) {
            throw new IllegalStateException(file, error);
        }
    }
}
