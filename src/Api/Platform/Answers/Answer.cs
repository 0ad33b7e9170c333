using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Slipway.Api.Platform.Answers;

/// <summary>What an operation answers. Operations decide, <see cref="AnswerWriter"/> puts it on the wire.</summary>
internal abstract record Answer
{
    public static implicit operator Answer(Problem problem) => new Refused(problem);

    public static Answer Of<T>(T value, JsonTypeInfo<T> type, int status = 200, string? location = null) => new Document<T>(value, type, status, location);

    internal sealed record Refused(Problem Problem) : Answer;

    /// <summary>204.</summary>
    internal sealed record Done : Answer;

    internal abstract record Document(int Status, string? Location) : Answer
    {
        public abstract byte[] ToJson();

        /// <summary>Cursors of the neighbouring pages, for the <c>Link</c> header.</summary>
        public PageView? Page { get; init; }
    }

    internal sealed record Document<T>(T Value, JsonTypeInfo<T> Type, int Status, string? Location) : Document(Status, Location)
    {
        public override byte[] ToJson() => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Value, Type);
    }

    /// <summary>The operation writes by itself, for as long as it takes.</summary>
    internal sealed record Streamed(Func<HttpContext, Task> WriteAsync) : Answer;
}

/// <summary>Which page of a list this is.</summary>
internal sealed record PageView(int Limit, string? Next, string? Prev);
