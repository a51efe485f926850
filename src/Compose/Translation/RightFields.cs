using System.Text;
using Orchestrator.Compose.Nodes;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary>Limits of processes, security options and devices.</summary>
internal static class RightFields
{
    public static ValueMap Ulimits(Section service)
    {
        List<KeyValuePair<string, string>> limits = [];
        foreach (var (name, value) in service.Entries("ulimits"))
        {
            if (value is not MapNode both)
            {
                limits.Add(new(name, (value as ScalarNode)?.Text ?? ""));
                continue;
            }

            var section = new Section(both, "services.*.ulimits", service.Notes);
            var (soft, hard) = (section.Text("soft"), section.Text("hard"));
            section.End();
            if (soft is null || hard is null) section.Wrong(soft is null ? "soft" : "hard", "soft and hard are both required");
            limits.Add(new(name, $"{soft}:{hard}"));
        }

        return new(limits);
    }

    public static ValueList<string> SecurityOptions(Section service, Translating it)
    {
        List<string> options = [];
        foreach (var text in service.Texts("security_opt").Distinct())
        {
            var (kind, value) = text.Split([':', '='], 2) is [var name, var rest] ? (name, rest) : (text, "");
            switch (kind)
            {
                case "no-new-privileges":
                    options.Add(value.Length == 0 ? kind : $"{kind}:{value}");
                    break;
                case "seccomp" when value != "unconfined" && !value.StartsWith('{'):
                    if (it.Surroundings.Read(value) is not { } profile) service.Wrong("security_opt", $"{value} is not there");
                    else options.Add($"seccomp={Encoding.UTF8.GetString(profile).Trim()}");
                    break;
                case "label" or "apparmor" or "seccomp":
                    options.Add($"{kind}={value}");
                    break;
                default:
                    service.Note("security_opt", "only label, apparmor, seccomp and no-new-privileges are set: the others are left out");
                    break;
            }
        }

        return options.ToValueList();
    }

    public static ValueList<string> Devices(Section service)
    {
        Dictionary<string, string> byTarget = new(StringComparer.Ordinal);
        if (service.Take("devices") is not ListNode list) return service.Texts("devices");
        foreach (var item in list.Items)
        {
            if (item is not MapNode map)
            {
                service.Note("devices", "only devices with a path are given to containers: names of device interfaces (CDI) are left out");
                continue;
            }

            var device = new Section(map, "services.*.devices", service.Notes);
            var (source, target, rights) = (device.Text("source"), device.Text("target"), device.Text("permissions"));
            device.End();
            if (source is null) device.Wrong("source", "is required");
            byTarget[target ?? source ?? ""] = $"{source}:{target ?? source}{(rights is null ? "" : $":{rights}")}";
        }

        return byTarget.Values.ToValueList();
    }
}
