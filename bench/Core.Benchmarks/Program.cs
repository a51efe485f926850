using Orchestrator.Core.Benchmarks;

// Prints one "name = value unit" a line: medians of several runs, after one to warm up.
Placements.Measure();
Reconciles.Measure();
Answers.Measure();
