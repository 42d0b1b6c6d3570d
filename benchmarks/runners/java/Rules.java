import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.feel.api.EvaluationResult;
import org.camunda.feel.api.FeelEngineApi;
import org.camunda.feel.api.FeelEngineBuilder;
import org.camunda.feel.api.ParseResult;
import org.camunda.feel.syntaxtree.ParsedExpression;
import org.kie.dmn.api.core.DMNContext;
import org.kie.dmn.api.core.DMNModel;
import org.kie.dmn.api.core.DMNRuntime;
import org.kie.dmn.core.internal.utils.DMNRuntimeBuilder;
import org.kie.dmn.feel.FEEL;
import org.kie.dmn.feel.lang.CompiledExpression;
import org.kie.dmn.feel.lang.CompilerContext;
import org.kie.dmn.feel.lang.types.BuiltInType;
import org.kie.internal.io.ResourceFactory;

/**
 * Camunda's FEEL engine and Drools, asked as protocol.py says.
 *
 * <p>Rules of this file: what their documentation shows; how it is measured is in Protocol.
 */
public final class Rules {
  private static final double WARMING = 2.0;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Each function prepares a run, null when it has nothing of the kind. */
  interface Engine {
    Runnable prepare(String what, JsonNode model, int expected);
  }

  private static final Map<String, Engine> ENGINES =
      Map.of("camunda", new Camunda(), "drools", new Drools());

  public static void main(String[] arguments) throws Exception {
    Engine engine = ENGINES.get(arguments[0]);
    Protocol.serve(
        (what, model, expected) -> engine.prepare(what, JSON.readTree(model), expected), WARMING);
  }

  private static Map<String, Object> inputs(JsonNode model) {
    Map<String, Object> inputs = new HashMap<>();
    inputs.put("amount", new BigDecimal(model.get("inputs").get("amount").asText()));
    inputs.put("country", model.get("inputs").get("country").asText());
    return inputs;
  }

  private static void require(Object got, Object expected) {
    boolean same =
        got instanceof BigDecimal
            ? ((BigDecimal) got).compareTo(new BigDecimal(expected.toString())) == 0
            : expected.equals(got);
    if (!same) {
      throw new IllegalStateException(got + " is answered, " + expected + " is right");
    }
  }

  private static List<String> rows(JsonNode model) {
    List<String> rows = new ArrayList<>();
    model.get("rows").forEach(row -> rows.add(row.asText()));
    return rows;
  }

  /** It has no tables: the conditions of the rows, in order, until one holds. */
  static final class Camunda implements Engine {
    private final FeelEngineApi feel = FeelEngineBuilder.forJava().build();

    private ParsedExpression parse(String text) {
      ParseResult parsed = feel.parseExpression(text);
      if (parsed.isFailure()) {
        throw new IllegalStateException(parsed.failure().message());
      }
      return parsed.parsedExpression();
    }

    private Object value(ParsedExpression parsed, Map<String, Object> inputs) {
      EvaluationResult result = feel.evaluate(parsed, inputs);
      return result.isSuccess() ? result.result() : null;
    }

    @Override
    public Runnable prepare(String what, JsonNode model, int expected) {
      Map<String, Object> inputs = inputs(model);
      switch (what) {
        case "compile":
          return () -> parse(model.get("text").asText());
        case "evaluate":
          ParsedExpression parsed = parse(model.get("text").asText());
          return () -> require(value(parsed, inputs), true);
        case "both":
          return () -> require(value(parse(model.get("text").asText()), inputs), true);
        case "compile-table":
          List<String> texts = rows(model);
          return () -> texts.forEach(this::parse);
        case "decide":
          List<ParsedExpression> rows = rows(model).stream().map(this::parse).toList();
          return () -> require(first(rows, inputs), expected);
        default:
          return null;
      }
    }

    private int first(List<ParsedExpression> rows, Map<String, Object> inputs) {
      for (int row = 0; row < rows.size(); row++) {
        if (Boolean.TRUE.equals(value(rows.get(row), inputs))) {
          return row;
        }
      }
      return -1;
    }
  }

  /** Drools: FEEL and DMN. */
  static final class Drools implements Engine {
    private final FEEL feel = FEEL.newInstance();

    private CompiledExpression compile(String text) {
      CompilerContext context = feel.newCompilerContext();
      context.addInputVariableType("amount", BuiltInType.NUMBER);
      context.addInputVariableType("country", BuiltInType.STRING);
      return feel.compile(text, context);
    }

    private DMNRuntime load(String text) {
      DMNRuntime runtime =
          DMNRuntimeBuilder.fromDefaults()
              .buildConfiguration()
              .fromResources(List.of(ResourceFactory.newReaderResource(new StringReader(text))))
              .getOrElseThrow(IllegalStateException::new);
      if (runtime.getModels().get(0).hasErrors()) {
        throw new IllegalStateException(runtime.getModels().get(0).getMessages().toString());
      }
      return runtime;
    }

    @Override
    public Runnable prepare(String what, JsonNode model, int expected) {
      Map<String, Object> inputs = inputs(model);
      switch (what) {
        case "compile":
          return () -> compile(model.get("text").asText());
        case "evaluate":
          CompiledExpression compiled = compile(model.get("text").asText());
          return () -> require(feel.evaluate(compiled, inputs), true);
        case "both":
          return () -> require(feel.evaluate(compile(model.get("text").asText()), inputs), true);
        case "compile-table":
          return () -> load(model.get("dmn").asText());
        case "decide":
          DMNRuntime runtime = load(model.get("dmn").asText());
          return () -> require(decided(runtime, inputs), expected);
        default:
          return null;
      }
    }

    private Object decided(DMNRuntime runtime, Map<String, Object> inputs) {
      DMNModel model = runtime.getModels().get(0);
      DMNContext context = runtime.newContext();
      inputs.forEach(context::set);
      return runtime.evaluateAll(model, context).getDecisionResultByName("tariff").getResult();
    }
  }
}
