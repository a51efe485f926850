using System.Net;

namespace LocalDapr.Apps;

/// <summary>A body that is passed on piece by piece: each piece is sent before the next one is waited for.</summary>
internal sealed class StreamedBody(Stream source) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        byte[] piece = System.Buffers.ArrayPool<byte>.Shared.Rent(16 << 10);
        try
        {
            while (await source.ReadAsync(piece, cancellationToken) is var length and > 0)
            {
                await stream.WriteAsync(piece.AsMemory(0, length), cancellationToken);
                await stream.FlushAsync(cancellationToken);
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(piece);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
