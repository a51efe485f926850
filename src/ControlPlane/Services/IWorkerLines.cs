namespace Orchestrator.ControlPlane.Services;

/// <summary>Questions to workers besides orders: what they see.</summary>
internal interface IWorkerLines
{
    /// <summary>
    /// An answer that comes line by line, for as long as it is listened to. The worker waits for whoever reads; nothing is read ahead of it
    /// but a buffer. Who does not read to the end ends it.
    /// </summary>
    /// <param name="method">See <see cref="Contracts.Workers.WorkerMethods"/>.</param>
    /// <exception cref="NoAnswerException">No answer, or it was cut off, or nothing comes any more.</exception>
    /// <exception cref="WorkerRefusedException">It answers with a problem.</exception>
    IAsyncEnumerable<T> Ask<T>(string worker, string method, object question, CancellationToken cancel);

    /// <summary>An answer as a whole; asked again it must be the same, for it may be asked again on the way.</summary>
    /// <inheritdoc cref="Ask{T}"/>
    Task<T> AskOnce<T>(string worker, string method, object question, CancellationToken cancel);
}

/// <summary>A worker does not do what it was asked for; the message says why.</summary>
internal sealed class WorkerRefusedException(int status, string why) : Exception(why)
{
    /// <summary>HTTP status of its answer.</summary>
    public int Status { get; } = status;
}
