using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Orchestrator.Client.Tests.Streams;

/// <summary>A body that is told piece by piece, and then ends, is cut off, or says nothing more.</summary>
internal sealed class PlayedBody(string text, PlayedBody.Fate fate) : Stream
{
    private readonly byte[] bytes = Encoding.UTF8.GetBytes(text);
    private int at;

    public enum Fate { Ends, IsCut, FallsSilent }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static HttpResponseMessage Answer(string type, string text, Fate fate, DateTimeOffset? date = null)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new PlayedBody(text, fate)) };
        answer.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        answer.Headers.Date = date;
        return answer;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = Math.Min(Math.Min(buffer.Length, 50), bytes.Length - at);
        if (count > 0)
        {
            bytes.AsMemory(at, count).CopyTo(buffer);
            at += count;
            return count;
        }

        if (fate == Fate.IsCut) throw new IOException("the connection was closed");
        if (fate == Fate.FallsSilent) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
