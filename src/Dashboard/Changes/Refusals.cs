using Orchestrator.Client.Problems;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Dashboard.Changes;

internal static class Refusals
{
    /// <summary>A sentence each; what is wrong with a field begins with its name.</summary>
    public static ValueList<string> Words(Exception refusal) => refusal is ProblemException { Errors.Count: > 0 } problem
        ? problem.Errors.Select(it => it.Field.Length == 0 ? it.Reason : $"{it.Field}: {it.Reason}").ToValueList()
        : [refusal.Message];
}
