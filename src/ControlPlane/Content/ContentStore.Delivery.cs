using System.Text;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Content;

internal sealed partial class ContentStore
{
    private const int DefaultMode = 0b100_100_100;

    /// <summary>Dapr carries at most 4 MiB, and bytes travel as base64.</summary>
    private const int LargestDelivery = 2 * 1024 * 1024;

    /// <summary>What an instance of this container is given, by the versions that its revision is bound to.</summary>
    public async Task<ContentsAnswer> Deliver(ContainerSpec container, PinnedContent pinned)
    {
        var read = new Dictionary<(ContentKind, string), byte[]>();
        try
        {
            List<DeliveredFile> files = [];
            foreach (var (kind, file) in container.Secrets.Select(it => (ContentKind.Secret, it))
                .Concat(container.Configs.Select(it => (ContentKind.Config, it))))
            {
                files.Add(new(
                    ContentUses.PathOf(kind, file), file.Mode is { } mode ? Convert.ToInt32(mode, 8) : DefaultMode, file.Uid ?? 0,
                    file.Gid ?? 0, await ValueOf(kind, file.Source)));
            }

            List<KeyValuePair<string, string>> env = [];
            foreach (var source in container.EnvFrom)
            {
                env.AddRange(Variables(source.Kind, source.Source, source.Name, await ValueOf(source.Kind, source.Source)));
            }

            if (read.Values.Sum(it => it.Length) > LargestDelivery)
                throw new ContentMissingException($"its secrets and configs are larger than {LargestDelivery} bytes together");
            return new(new InstanceContents { Files = [.. files], Env = new ValueMap(env) });
        }
        catch (ContentMissingException e)
        {
            return new(null, e.Message);
        }

        async Task<byte[]> ValueOf(ContentKind kind, string name)
        {
            if (read.TryGetValue((kind, name), out var known)) return known;
            var version = ContentUses.VersionIn(pinned, kind, name)
                ?? throw new ContentMissingException($"the revision was made when there was no {kind.Word()} {name}");
            return read[(kind, name)] = await Read(kind, name, version);
        }
    }

    /// <summary>One variable with the whole value, or one a line; a value that is none is not told in what is said about it.</summary>
    private static List<KeyValuePair<string, string>> Variables(ContentKind kind, string name, string? variable, byte[] value)
    {
        var text = Encoding.UTF8.GetString(value);
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ContentMissingException($"{kind.Word()} {name} holds a NUL, which no environment variable can; mount it as a file");
        if (variable is not null) return [new(variable, text)];
        var lines = text.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        List<KeyValuePair<string, string>> found = [];
        foreach (var (at, line) in lines.Index())
        {
            if (line.Length == 0 || line.StartsWith('#')) continue;
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1) throw new ContentMissingException($"line {at + 1} of {kind.Word()} {name} is not NAME=value");
            found.Add(new(line[..equals], line[(equals + 1)..]));
        }

        return found;
    }
}
