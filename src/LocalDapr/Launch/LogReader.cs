using System.Globalization;
using System.Text;

namespace LocalDapr.Launch;

/// <summary>Shows an app's log file: its last lines, and on demand what is added; works also when nothing runs.</summary>
internal sealed class LogReader(string path, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Writes the last <paramref name="lines"/> lines, then follows until cancelled when asked to.</summary>
    public async Task ShowAsync(int lines, bool follow, TextWriter to, CancellationToken cancel)
    {
        var last = new Queue<string>();
        var before = Path.ChangeExtension(path, ".1.log");
        if (File.Exists(before))
        {
            await using var older = Open(before);
            await ReadAsync(older, Remember, cancel);
        }

        var current = Open(path);
        try
        {
            await ReadAsync(current, Remember, cancel);
            foreach (var line in last) await to.WriteLineAsync(line);

            while (follow)
            {
                await Task.Delay(Pause, clock, cancel);
                var rotated = Path.GetFullPath(path) != NameNow(current) && File.Exists(path);
                await ReadAsync(current, to.WriteLine, cancel);
                if (!rotated) continue;
                await current.DisposeAsync();
                current = Open(path);
                await ReadAsync(current, to.WriteLine, cancel);
            }
        }
        finally
        {
            await current.DisposeAsync();
        }

        void Remember(string line)
        {
            last.Enqueue(line);
            if (last.Count > lines) last.Dequeue();
        }
    }

    /// <summary>Reads whole lines from where the last read ended.</summary>
    private static async Task ReadAsync(FileStream file, Action<string> line, CancellationToken cancel)
    {
        var begin = file.Position;
        var added = new MemoryStream();
        await file.CopyToAsync(added, cancel);
        var bytes = added.GetBuffer().AsSpan(0, (int)added.Length);
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            line(Encoding.UTF8.GetString(bytes[..end]));
            bytes = bytes[(end + 1)..];
        }

        file.Position = begin + added.Length - bytes.Length;
    }

    /// <summary>What the file is called by now: a rotation renames it under our hands, and we read it to its end.</summary>
    private static string? NameNow(FileStream file) =>
        new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}")).LinkTarget;

    private static FileStream Open(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
