import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a runner written in Java is asked, and how it measures; see protocol.py.
 *
 * <p>Rules of this file: nothing of an engine. Before it is measured the first time, a run has some
 * seconds to be compiled by the virtual machine, as in a program that runs for days: so many that
 * more do not help much.
 */
final class Protocol {
  private static final Set<String> WARM = new HashSet<>();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** An engine: prepares a run that checks itself, null when it has nothing of the kind. */
  interface Engine {
    Runnable prepare(String what, String model, int expected) throws Exception;
  }

  private Protocol() {}

  /** Serve measurements from standard input until it ends; so many seconds to get warm. */
  static void serve(Engine engine, double warming) throws Exception {
    // What a library prints must not come between the answers.
    PrintStream out = System.out;
    System.setOut(System.err);
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      out.println(JSON.writeValueAsString(answer(engine, warming, JSON.readTree(line))));
      out.flush();
    }
    System.exit(0); // whatever threads an engine has left behind
  }

  private static Map<String, Object> answer(Engine engine, double warming, JsonNode asked) {
    try {
      String what = asked.get("what").asText();
      int expected = asked.get("expected").asInt();
      double budget = asked.get("budget").asDouble();
      Runnable run = engine.prepare(what, asked.get("model").asText(), expected);
      if (run == null) {
        return Map.of("failed", "it has nothing of this kind");
      }
      if (WARM.add(what + expected)) {
        spend(run, warming);
      }
      long before = SYSTEM.getProcessCpuTime();
      long wall = System.nanoTime();
      long runs = spend(run, budget);
      Map<String, Object> figures = new HashMap<>();
      figures.put("runs", runs);
      figures.put("cpu", (SYSTEM.getProcessCpuTime() - before) / 1e9);
      figures.put("wall", (System.nanoTime() - wall) / 1e9);
      return figures;
    } catch (Exception error) {
      return Map.of("failed", String.valueOf(error));
    }
  }

  /** Run for so many seconds of processor time; asking for it every run would be measured too. */
  private static long spend(Runnable run, double seconds) {
    long end = SYSTEM.getProcessCpuTime() + (long) (seconds * 1e9);
    long runs = 0;
    long batch = 1;
    while (runs < 3 || SYSTEM.getProcessCpuTime() < end) {
      long before = System.nanoTime();
      for (long i = 0; i < batch; i++) {
        run.run();
      }
      runs += batch;
      if (System.nanoTime() - before < 1_000_000) {
        batch *= 2;
      }
    }
    return runs;
  }
}
