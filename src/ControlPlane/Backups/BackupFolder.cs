using System.Globalization;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Backups;

namespace Orchestrator.ControlPlane.Backups;

/// <summary>Backups as files, the newest few. Each is whole or not there, and for its owner alone: specs may hold secrets.</summary>
internal sealed class BackupFolder(string path, int keep)
{
    private const string Pattern = "backup-*.json";

    /// <summary>Answers the file.</summary>
    /// <exception cref="IOException">It was not written; what was there is as before.</exception>
    public string Write(Backup backup)
    {
        Directory.CreateDirectory(path);
        var name = string.Create(CultureInfo.InvariantCulture, $"backup-{backup.At.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.json");
        var file = Path.Combine(path, name);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var next = file + ".next";
        try
        {
            using (var content = new FileStream(next, options))
            {
                JsonSerializer.Serialize(content, backup, ContractsJson.Options);
                content.Flush(flushToDisk: true);
            }

            File.Move(next, file, overwrite: true);
        }
        catch
        {
            File.Delete(next);
            throw;
        }

        // The names sort by time.
        foreach (var old in Directory.GetFiles(path, Pattern).OrderDescending(StringComparer.Ordinal).Skip(keep)) File.Delete(old);
        return file;
    }
}
