import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.flowable.engine.ProcessEngine;
import org.flowable.engine.ProcessEngineConfiguration;
import org.flowable.engine.delegate.DelegateExecution;
import org.flowable.engine.delegate.JavaDelegate;
import org.flowable.task.api.Task;

/**
 * Flowable embedded, on H2: in memory where nothing is kept, on a file where it is.
 *
 * <p>Rules of this file: what its documentation shows, with the settings it comes with, its history
 * among them. It has no way to run without a database. H2 does not flush its file at a commit, so
 * there is nothing to compare with a store that does.
 */
public final class Flowable implements Protocol.Engine {
  private static final ThreadLocal<AtomicInteger> COUNTED =
      ThreadLocal.withInitial(AtomicInteger::new);
  private static final double WARMING = 15.0;
  private static final Map<String, String> PLACES = Map.of("run", "mem", "journal-off", "file");
  private final Map<String, ProcessEngine> engines = new HashMap<>();

  private ProcessEngine open(String place) throws Exception {
    String path = place.equals("mem") ? "flowable" : Files.createTempDirectory("flowable") + "/engine";
    ProcessEngineConfiguration settings =
        ProcessEngineConfiguration.createStandaloneProcessEngineConfiguration()
            .setEngineName(place)
            .setJdbcUrl("jdbc:h2:" + place + ":" + path)
            .setJdbcUsername("sa")
            .setJdbcPassword("")
            .setDatabaseSchemaUpdate(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE);
    return settings.buildProcessEngine();
  }

  public static void main(String[] arguments) throws Exception {
    Protocol.serve(new Flowable(), WARMING);
  }

  /** The step that counts. */
  public static final class Count implements JavaDelegate {
    @Override
    public void execute(DelegateExecution execution) {
      COUNTED.get().incrementAndGet();
      execution.setVariable("n", (Integer) execution.getVariable("n") + 1);
    }
  }

  @Override
  public Runnable prepare(String what, String model, int expected) throws Exception {
    String place = PLACES.get(what);
    if (place == null) {
      return null;
    }
    ProcessEngine engine = engines.get(place);
    if (engine == null) {
      engine = open(place);
      engines.put(place, engine);
    }
    engine.getRepositoryService().createDeployment().addString("model.bpmn", model).deploy();
    ProcessEngine its = engine;
    return what.equals("run") ? () -> run(its, expected) : () -> work(its, expected);
  }

  private static void run(ProcessEngine engine, int expected) {
    COUNTED.get().set(0);
    var started = engine.getRuntimeService().startProcessInstanceByKey("p", Map.of("n", 0));
    check(started.isEnded(), COUNTED.get().get(), expected);
  }

  private static void work(ProcessEngine engine, int expected) {
    var started = engine.getRuntimeService().startProcessInstanceByKey("p", Map.of("n", 0));
    int counted = 0;
    for (Task task = next(engine, started.getId());
        task != null;
        task = next(engine, started.getId())) {
      counted += 1;
      engine.getTaskService().complete(task.getId(), Map.of("n", counted));
    }
    check(true, counted, expected);
  }

  private static Task next(ProcessEngine engine, String instance) {
    return engine.getTaskService().createTaskQuery().processInstanceId(instance).singleResult();
  }

  private static void check(boolean ended, int counted, int expected) {
    if (!ended || counted != expected) {
      throw new IllegalStateException(counted + " steps were counted");
    }
  }
}
