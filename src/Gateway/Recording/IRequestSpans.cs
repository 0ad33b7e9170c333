namespace Slipway.Gateway.Recording;

/// <summary>Takes the spans of finished requests, one after the other and never from a thread that serves requests.</summary>
public interface IRequestSpans
{
    /// <summary>The span is only valid during the call. It neither waits nor throws.</summary>
    void Add(in RequestSpan span);
}

/// <summary>Takes the lines of the access log as they are written to the file, five times a second at most.</summary>
public interface IAccessLines
{
    /// <summary>Whole lines of JSON in UTF-8, each with its line feed, only valid during the call. It neither waits nor throws.</summary>
    void Add(ReadOnlySpan<byte> lines);
}
