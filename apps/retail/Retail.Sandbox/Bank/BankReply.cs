using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Retail.Sandbox.Bank;

/// <summary>What the bank answers, finished, so that it can be kept for whoever asks again.</summary>
internal sealed record BankReply(int Status, string Body)
{
    /// <summary>This answer comes late: the caller will have hung up.</summary>
    public bool Late { get; init; }

    public static BankReply Of(JsonObject document) => new(200, document.ToJsonString());

    public static BankReply Of(Refusal refusal, JsonObject? intent = null) => new(refusal.Status, BankDocuments.ErrorBody(refusal, intent).ToJsonString());

    public IResult ToResult() => Results.Text(Body, "application/json", statusCode: Status);
}
