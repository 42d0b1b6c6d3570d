"""The engine: command + state -> events; event -> state. Pure BPMN semantics."""
