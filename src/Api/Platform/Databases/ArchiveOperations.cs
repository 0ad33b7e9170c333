using System.Globalization;
using Slipway.Api.Platform.Answers;
using Slipway.Api.Platform.Requests;
using Slipway.Store.Archiving;

namespace Slipway.Api.Platform.Databases;

/// <param name="WhyOff">Null while an archive is kept.</param>
/// <param name="From">The earliest moment to go back to; null before the first copy.</param>
internal sealed record ArchiveView(string? WhyOff, DateTimeOffset? From, DateTimeOffset? ArchivedAt, long Bytes, long Failures, IReadOnlyList<CopyView> Copies);

internal sealed record CopyView(DateTimeOffset CompleteAt, long Bytes);

/// <param name="Port">Where the second server listens on this machine, with the roles and passwords of the first.</param>
internal sealed record RecoveryView(string Id, DateTimeOffset Moment, int Port);

/// <summary>
/// <c>GET /api/databases/archive</c>, <c>POST /api/databases/recoveries</c> and <c>DELETE /api/databases/recoveries/{id}</c>: all databases of
/// the embedded server as they were at a moment, on a second server. It holds everybody's data, so only who may read all databases may.
/// </summary>
internal sealed class ArchiveOperations(DatabaseArchive? archive)
{
    private static readonly Problem s_outside = new(
        409, "outsideServer", "The database server is not Slipway's", "SLIPWAY_DATABASE names an outside PostgreSQL; its owner keeps backups and takes it back.");

    public async Task<Answer> GetAsync(PlatformRequest request)
    {
        if ((new QueryReader(request.Http.Request).Finish() ?? Refuse(request, "list")) is { } wrong)
        {
            return wrong;
        }

        var status = await archive!.StatusAsync(request.Cancellation);
        return Answer.Of(
            new ArchiveView(status.WhyOff, status.From, status.ArchivedAt, status.Bytes, status.Failures, [.. status.Copies.Select(copy => new CopyView(copy.CompleteAt, copy.Bytes))]),
            PlatformJson.Default.ArchiveView);
    }

    public async Task<Answer> RecoverAsync(PlatformRequest request)
    {
        if ((new QueryReader(request.Http.Request).Finish() ?? Refuse(request, "create")) is { } wrong)
        {
            return wrong;
        }

        var (body, unreadable) = await BodyReader.OpenAsync(request);
        if (unreadable is not null)
        {
            return unreadable;
        }

        var text = body!.Text("to", required: true, lengthMax: 40);
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) && text is not null)
        {
            body.Wrong("to", "notAnInstant", "Expected an instant such as 2026-03-20T11:59:00Z.");
        }

        if (body.Finish() is { } invalid)
        {
            return invalid;
        }

        // Playing back may take minutes; a client that hangs up does not leave a half-made server behind.
        var recovered = await archive!.RecoverAsync(moment, request.Cancellation);
        return recovered.Failure is { } failure
            ? Problem.Of(failure)
            : Answer.Of(
                new RecoveryView(recovered.Value.Id, recovered.Value.Moment, recovered.Value.Port),
                PlatformJson.Default.RecoveryView, 201, $"/api/databases/recoveries/{recovered.Value.Id}");
    }

    public async Task<Answer> DiscardAsync(PlatformRequest request)
    {
        if ((new QueryReader(request.Http.Request).Finish() ?? Refuse(request, "delete")) is { } wrong)
        {
            return wrong;
        }

        await archive!.DiscardAsync(request.Value("id"), request.Cancellation);
        return new Answer.Done();
    }

    private Problem? Refuse(PlatformRequest request, string verb) =>
        !request.May(verb, PlatformResource.Databases, "") ? Problem.Forbidden(request.Caller.User, verb, "databases", null) : archive is null ? s_outside : null;
}
