using System.Text;

namespace LocalDapr.Launch;

/// <summary>
/// What one app wrote: NAME.log, and the part before it as NAME.1.log, so that it never takes more than two files' worth of disk.
/// </summary>
internal sealed class LogFile(string path, long rotateAt = LogFile.RotateAt) : IDisposable
{
    public const long RotateAt = 8 << 20;

    private readonly Lock gate = new();
    private StreamWriter? writer;

    public static string PathOf(string folder, string name) => Path.Combine(folder, "logs", name + ".log");

    /// <summary>Whose logs a folder has.</summary>
    public static IReadOnlyList<string> NamesIn(string folder)
    {
        var logs = Path.Combine(folder, "logs");
        return Directory.Exists(logs)
            ? [.. Directory.EnumerateFiles(logs, "*.log").Select(Path.GetFileNameWithoutExtension).OfType<string>()
                .Where(name => !name.EndsWith(".1", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
            : [];
    }

    public void Write(string line)
    {
        lock (gate)
        {
            try
            {
                writer ??= Open();
                writer.Write(line);
                writer.Write('\n');
                writer.Flush();
                if (writer.BaseStream.Length < rotateAt) return;
                writer.Dispose();
                writer = null;
                File.Move(path, Path.ChangeExtension(path, ".1.log"), overwrite: true);
            }
            catch (IOException)
            {
                // A full disk costs lines of a log; it must not block the app that writes them.
                writer = null;
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            writer?.Dispose();
            writer = null;
        }
    }

    private StreamWriter Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        return new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }
}
