using Orchestrator.Compose.Nodes;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary>What must be there before a service, said or implied.</summary>
internal static class Dependencies
{
    public static ValueMap<StackCondition> Of(string name, Section service, Translating it)
    {
        SortedDictionary<string, StackCondition> found = new(StringComparer.Ordinal);
        foreach (var (other, how) in service.Named("depends_on"))
        {
            var condition = Condition(how);
            var isRequired = how.Flag("required") ?? true;
            if (how.Flag("restart") == true)
                how.Note("restart", "is not done: a service is not restarted because another one was");
            how.End();
            if (it.Has(other)) found[Names.Plain(other)] = condition;
            else if (isRequired) it.Notes.Wrong(how.At, it.WhyNot(other));
            else it.Notes.Warn("services.*.depends_on", how.At, $"{it.WhyNot(other)}; it is not required");
        }

        Implied(service, found, it);
        if (found.ContainsKey(Names.Plain(name))) it.Notes.Wrong(service.At, "depends on itself");
        return new(found);
    }

    /// <summary>Links, and namespaces and volumes of other services, want them to be there.</summary>
    private static void Implied(Section service, SortedDictionary<string, StackCondition> found, Translating it)
    {
        foreach (var link in service.Texts("links")) Add("links", link.Split(':')[0]);
        if (service.Take("links") is not null)
            service.Note("links", "do not resolve: reach the service where it is published; it is started first");
        foreach (var from in service.Texts("volumes_from").Where(from => !from.StartsWith("container:", StringComparison.Ordinal)))
            Add("volumes_from", from.Split(':')[0]);
        foreach (var field in new[] { "network_mode", "ipc", "pid" })
        {
            if (service.Text(field)?.Split(':', 2) is ["service", var other]) Add(field, other);
        }

        void Add(string field, string other)
        {
            if (!it.Has(other)) service.Wrong(field, it.WhyNot(other));
            else found.TryAdd(Names.Plain(other), StackCondition.Started);
        }
    }

    private static StackCondition Condition(Section how)
    {
        switch (how.Text("condition"))
        {
            case "service_healthy":
                return StackCondition.Healthy;
            case "service_completed_successfully":
                return StackCondition.Completed;
            case "service_started":
                return StackCondition.Started;
            case null:
                how.Wrong("condition", "is required: service_started, service_healthy or service_completed_successfully");
                return StackCondition.Started;
            default:
                how.Wrong("condition", "is service_started, service_healthy or service_completed_successfully");
                return StackCondition.Started;
        }
    }
}
