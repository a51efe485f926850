using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Content;

/// <summary>
/// Secrets and configs as files in the machine's memory: a folder for each instance, from just before its container is created until it has
/// ended. The containers see single files of it, read-only.
/// </summary>
internal sealed partial class ContentFiles(WorkerAgentOptions options)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const uint Unchanged = uint.MaxValue;
    private const string NotHere = "secrets and configs as files need a worker on Linux";

    private readonly string whose = Whose(options);
    private readonly Lazy<string> folder = new(() => Place(options, Whose(options)));

    /// <exception cref="EngineException">They cannot be written as wished; the message says why.</exception>
    public ValueList<FileMount> Write(string instance, ValueList<DeliveredFile> files)
    {
        if (files.Count == 0) return [];
        if (OperatingSystem.IsWindows()) throw new EngineException(EngineFault.Refused, NotHere);
        try
        {
            var own = Path.Combine(folder.Value, instance);
            if (Directory.Exists(own)) Directory.Delete(own, recursive: true);
            OwnFolder(own);
            List<FileMount> mounts = [];
            foreach (var (at, file) in files.Index()) mounts.Add(new(Write(Path.Combine(own, $"{at}"), file), file.Path));
            return mounts.ToValueList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            throw new EngineException(EngineFault.Refused, $"its secrets and configs cannot be written to memory: {e.Message}", e);
        }
    }

    public void Remove(string instance)
    {
        if (!folder.IsValueCreated) return;
        try
        {
            Directory.Delete(Path.Combine(folder.Value, instance), recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is none; or the next look at all containers tries again.
        }
    }

    /// <summary>Removes what an earlier agent has left.</summary>
    /// <param name="instances">Those that live; looked up when the folders are known.</param>
    public void KeepOnly(Func<IEnumerable<string>> instances)
    {
        foreach (var own in Choices(options).Select(choice => FolderIn(choice, whose)).Where(Directory.Exists))
        {
            try
            {
                var there = Directory.GetDirectories(own);
                var live = instances().ToHashSet(StringComparer.Ordinal);
                foreach (var left in there.Where(path => !live.Contains(Path.GetFileName(path)))) Directory.Delete(left, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The next look tries again.
            }
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static string Write(string path, DeliveredFile file)
    {
        var creation = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(path, creation)) stream.Write(file.Bytes);
        if (ChangeOwner(path, (uint)file.Uid, (uint)file.Gid) != 0 && (file.Uid != 0 || file.Gid != 0))
        {
            throw new EngineException(EngineFault.Refused,
                $"{file.Path} cannot be given to {file.Uid}:{file.Gid}: only an agent that runs as root may do that");
        }

        File.SetUnixFileMode(path, (UnixFileMode)file.Mode);
        return path;
    }

    /// <summary>Memory that nobody else can look into, and that no disk keeps.</summary>
    private static string Place(WorkerAgentOptions options, string whose)
    {
        if (OperatingSystem.IsWindows()) throw new EngineException(EngineFault.Refused, NotHere);
        var choices = Choices(options).ToList();
        foreach (var choice in choices.Where(IsMemory))
        {
            try
            {
                var path = FolderIn(choice, whose);
                OwnFolder(Path.GetDirectoryName(path)!);
                OwnFolder(path);
                return path;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The next one may do.
            }
        }

        throw new EngineException(EngineFault.Refused,
            $"this worker has no place in memory for secrets: none of {string.Join(", ", choices)} is a tmpfs that the "
            + "agent can write to; SECRETS_FOLDER names one");
    }

    private static IEnumerable<string> Choices(WorkerAgentOptions options) => options.SecretsFolder is { Length: > 0 } wished ? [wished]
        : new[] { "/run", Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), "/dev/shm" }.OfType<string>().Where(it => it.Length > 0);

    private static string FolderIn(string choice, string whose) => Path.Combine(choice, "orchestrator", whose);

    /// <summary>As its data folder it is of one agent alone, whatever others on this machine are called.</summary>
    private static string Whose(WorkerAgentOptions options)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(options.OwnFolder)));
        return $"{options.Name}-{Convert.ToHexStringLower(hash)[..12]}";
    }

    private static bool IsMemory(string path)
    {
        try
        {
            return new DriveInfo(path).DriveFormat is "tmpfs" or "ramfs";
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Also where others could have made it before us.</summary>
    [UnsupportedOSPlatform("windows")]
    private static void OwnFolder(string path)
    {
        var made = Directory.CreateDirectory(path, OwnerOnly);
        if (made.LinkTarget is not null || ChangeOwner(path, EffectiveUser(), Unchanged) != 0)
            throw new UnauthorizedAccessException($"{path} is not ours");
        File.SetUnixFileMode(path, OwnerOnly);
    }

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
