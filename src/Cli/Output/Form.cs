namespace Orchestrator.Cli.Output;

/// <summary>In which form results are written.</summary>
internal enum Form { Table, Wide, Json, Yaml, Name, Template }
