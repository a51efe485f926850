namespace LocalDapr.Launch;

/// <summary>Shows an app's log file: its last lines, and on demand what is added; works also when nothing runs.</summary>
internal sealed class LogReader(string path, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Writes the last <paramref name="lines"/> lines, then follows until cancelled when asked to.</summary>
    public async Task ShowAsync(int lines, bool follow, TextWriter to, CancellationToken cancel)
    {
        var last = new Queue<string>();
        long position = 0;
        foreach (var file in new[] { Path.ChangeExtension(path, ".1.log"), path }.Where(File.Exists))
        {
            position = await ReadFromAsync(file, 0, line =>
            {
                if (lines == 0) return;
                if (last.Count == lines) last.Dequeue();
                last.Enqueue(line);
            }, cancel);
            if (file != path) position = 0;
        }

        foreach (var line in last) await to.WriteLineAsync(line);

        while (follow)
        {
            await Task.Delay(Pause, clock, cancel);
            var length = File.Exists(path) ? new FileInfo(path).Length : 0;
            if (length < position) position = 0; // Rotated: the file has begun anew.
            if (length > position) position = await ReadFromAsync(path, position, to.WriteLine, cancel);
        }
    }

    /// <summary>Answers where the last whole line ended.</summary>
    private static async Task<long> ReadFromAsync(string file, long position, Action<string> line, CancellationToken cancel)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = position;
        var limited = new MemoryStream();
        await stream.CopyToAsync(limited, cancel);
        var bytes = limited.GetBuffer().AsMemory(0, (int)limited.Length);
        var whole = bytes.Span.LastIndexOf((byte)'\n') + 1;
        foreach (var range in bytes[..whole].Span.Split((byte)'\n'))
        {
            if (range.End.GetOffset(whole) < whole) line(System.Text.Encoding.UTF8.GetString(bytes[..whole].Span[range]));
        }

        return position + whole;
    }
}
