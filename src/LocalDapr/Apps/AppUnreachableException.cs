namespace LocalDapr.Apps;

/// <summary>The app did not answer: nobody listens, or the connection broke in the middle.</summary>
internal sealed class AppUnreachableException(string message, Exception? inner = null) : Exception(message, inner);
