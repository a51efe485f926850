using System.Text.RegularExpressions;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Content;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>What can be wrong with the secrets and configs of a wish, besides that they are not there.</summary>
internal static partial class ContentValidation
{
    private const int MostFiles = 100;

    public static IEnumerable<FieldProblem> Problems(ContainerSpec container) =>
        Files("secrets", ContentKind.Secret, container).Concat(Files("configs", ContentKind.Config, container))
            .Concat(Twice(container)).Concat(Env(container));

    private static IEnumerable<FieldProblem> Files(string field, ContentKind kind, ContainerSpec container)
    {
        var files = kind == ContentKind.Secret ? container.Secrets : container.Configs;
        if (files.Count > MostFiles) yield return new(field, $"has {files.Count} entries; at most {MostFiles} are allowed");
        foreach (var (at, file) in files.Index())
        {
            if (ContentNames.Problem(file.Source) is { } problem) yield return new($"{field}[{at}].source", problem);
            if (file.Target is { } target && (target.Length > 255 || !Targets().IsMatch(target)
                || target.Split('/').Any(part => part is "." or "..") || target.EndsWith('/')))
                yield return new($"{field}[{at}].target", "is an absolute path or a name, of a file, without '..'");
            if (file.Mode is { } mode && !Modes().IsMatch(mode))
                yield return new($"{field}[{at}].mode", "is an octal number from 0000 to 7777 as a text, such as \"0400\"");
            if (file.Uid < 0) yield return new($"{field}[{at}].uid", "is a number from 0");
            if (file.Gid < 0) yield return new($"{field}[{at}].gid", "is a number from 0");
        }
    }

    private static IEnumerable<FieldProblem> Twice(ContainerSpec container)
    {
        HashSet<string> paths = new(container.Volumes.Select(it => it.Target), StringComparer.Ordinal);
        var secrets = container.Secrets.Index().Select(it => ($"secrets[{it.Index}]", ContentUses.PathOf(ContentKind.Secret, it.Item)));
        var configs = container.Configs.Index().Select(it => ($"configs[{it.Index}]", ContentUses.PathOf(ContentKind.Config, it.Item)));
        foreach (var (field, path) in secrets.Concat(configs))
        {
            if (!paths.Add(path)) yield return new($"{field}.target", $"{path} is there twice");
        }
    }

    private static IEnumerable<FieldProblem> Env(ContainerSpec container)
    {
        if (container.EnvFrom.Count > MostFiles)
            yield return new("envFrom", $"has {container.EnvFrom.Count} entries; at most {MostFiles} are allowed");
        foreach (var (at, source) in container.EnvFrom.Index())
        {
            if (ContentNames.Problem(source.Source) is { } problem) yield return new($"envFrom[{at}].source", problem);
            if (source.Name is { } name && (name.Length is 0 or > 255 || name.Contains('=', StringComparison.Ordinal)
                || name.Contains('\0', StringComparison.Ordinal)))
                yield return new($"envFrom[{at}].name", "is not the name of an environment variable");
        }
    }

    [GeneratedRegex(@"^/?[^\0/:]+(/[^\0/:]+)*\z")]
    private static partial Regex Targets();

    [GeneratedRegex(@"^[0-7]{3,4}\z")]
    private static partial Regex Modes();
}
