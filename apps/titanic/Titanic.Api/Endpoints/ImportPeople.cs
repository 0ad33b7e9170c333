using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Titanic.Api.People;
using Titanic.Api.Tenants;
using Titanic.Api.Transfer;

namespace Titanic.Api.Endpoints;

/// <param name="Offset">Up to which byte of the file everything is stored; an interrupted import goes on there.</param>
/// <param name="Errors">The first hundred mistakes, by row and column.</param>
internal sealed record ImportDocument(
    Guid Id, string Status, string Format, string Layout, string Mode, long Offset, long Rows, long Created, long Updated, long Unchanged, long Rejected,
    IReadOnlyList<RowError> Errors, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static ImportDocument Of(ImportJob job) => new(
        job.Id, job.Status, job.Format, job.Layout, job.Mode, job.Offset, job.Rows, job.Created, job.Updated, job.Unchanged, job.Rejected, job.Errors, job.CreatedAt, job.UpdatedAt);
}

internal sealed record ImportList(IReadOnlyList<ImportDocument> Items);

/// <summary>People by the file, in pieces that may be interrupted anywhere.</summary>
internal static class ImportPeople
{
    private const int BytesMax = 256 * 1_048_576;
    private const int Listed = 50;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/import", BeginAsync).WithName("importPeople").WithSummary("Takes over a file of people; rows that are none are reported.").Requires(AccessMode.Write).Limited("transfer")
            .Takes("layout", "auto, kaggle, stanford or titanic: what the columns of a table are called.")
            .Takes("mode", "upsert changes people whose number is known; insert reports them.")
            .Takes("id", "An id for the import, so that an interrupted sender knows it.")
            .Accepts<PersonBody>("text/csv", "application/x-ndjson")
            .Produces<ImportDocument>(201)
            .Refuses("unreadableFile", "importExists");
        api.MapPut("/people/imports/{id:guid}", GoOnAsync).WithName("continueImport").WithSummary("Goes on with the rest of a file, from where the import stands.").Requires(AccessMode.Write).Limited("transfer")
            .Takes("offset", "The byte of the file that the body begins with: the offset of the import.", "integer")
            .Accepts<PersonBody>("text/csv", "application/x-ndjson")
            .Produces<ImportDocument>(200)
            .Refuses("unreadableFile", "otherOffset");
        api.MapGet("/people/imports/{id:guid}", GetAsync).WithName("getImport").WithSummary("How far an import has come.").Requires(AccessMode.Write).Produces<ImportDocument>(200);
        api.MapGet("/people/imports", ListAsync).WithName("listImports").WithSummary("The caller's newest imports.").Requires(AccessMode.Write).Produces<ImportList>(200);
    }

    private static async Task<IResult> BeginAsync(
        HttpContext http, [FromServices] PeopleReads reads, [FromServices] Importing importing, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var (layout, mode, named) = (query.Text("layout") ?? FileLayout.Auto, query.Text("mode") ?? "upsert", query.Text("id", 36));
        if (!FileLayout.Names.Contains(layout))
        {
            query.Wrong("layout", "notOneOf", $"layout must be one of {string.Join(", ", FileLayout.Names)}.");
        }

        if (mode is not ("upsert" or "insert"))
        {
            query.Wrong("mode", "notOneOf", "mode must be upsert or insert.");
        }

        var id = Guid.CreateVersion7(time.GetUtcNow());
        if (named is not null && !Guid.TryParseExact(named, "D", out id))
        {
            query.Wrong("id", "notAnId", "id must be a UUID.");
        }

        var problem = query.Problem();
        if (problem is not null || !reads.TenantOf(http).Is(out var tenant, out problem) || !FormatOf(http.Request).Is(out var format, out problem))
        {
            return problem.ToResult();
        }

        var now = time.GetUtcNow();
        var job = new ImportJob { Id = id, Owner = http.Caller().Subject, Format = format, Layout = layout, Mode = mode, CreatedAt = now, UpdatedAt = now };
        if (!(await importing.BeginAsync(http, tenant, job, cancellation)).Is(out job!, out problem)
            || !(await importing.TakeAsync(http, tenant, job, Upload(http), cancellation)).Is(out job!, out problem))
        {
            return problem.ToResult();
        }

        return Reply.Created($"/api/v1/people/imports/{job.Id}", ImportDocument.Of(job), TitanicJson.Default.ImportDocument);
    }

    private static async Task<IResult> GoOnAsync(
        Guid id, HttpContext http, [FromServices] PeopleReads reads, [FromServices] TenantData data, [FromServices] Importing importing, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var offset = query.Number("offset", 0, int.MaxValue);
        if (offset is null)
        {
            query.Wrong("offset", "required", "offset is required: the byte of the file that the body begins with.");
        }

        var problem = query.Problem();
        if (problem is not null
            || !reads.TenantOf(http).Is(out var tenant, out problem)
            || !FormatOf(http.Request).Is(out var format, out problem)
            || !(await FindAsync(http, tenant, data, id, cancellation)).Is(out var job, out problem))
        {
            return problem.ToResult();
        }

        if (job.Offset != offset || job.Status == ImportJob.Done)
        {
            return Importing.OtherOffset(job).ToResult();
        }

        if (format != job.Format)
        {
            return Unsupported($"The import is a file of {(job.IsTable ? "text/csv" : "application/x-ndjson")}.").ToResult();
        }

        return (await importing.TakeAsync(http, tenant, job, Upload(http), cancellation)).Is(out job, out problem)
            ? Reply.Ok(ImportDocument.Of(job), TitanicJson.Default.ImportDocument)
            : problem.ToResult();
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, [FromServices] PeopleReads reads, [FromServices] TenantData data, CancellationToken cancellation)
    {
        var problem = Query.Of(http.Request).Problem();
        return problem is null && reads.TenantOf(http).Is(out var tenant, out problem) && (await FindAsync(http, tenant, data, id, cancellation)).Is(out var job, out problem)
            ? Reply.Ok(ImportDocument.Of(job), TitanicJson.Default.ImportDocument)
            : problem.ToResult();
    }

    private static async Task<IResult> ListAsync(HttpContext http, [FromServices] PeopleReads reads, [FromServices] TenantData data, CancellationToken cancellation)
    {
        var problem = Query.Of(http.Request).Problem();
        if (problem is not null || !reads.TenantOf(http).Is(out var tenant, out problem))
        {
            return problem.ToResult();
        }

        var jobs = await data.ListAsync(
            tenant, "imports", new Question($"select {ImportJob.Columns} from imports where owner = $1 order by created_at desc limit {Listed}", http.Caller().Subject), ImportJob.Read, cancellation);
        return Reply.Ok(new ImportList([.. jobs.Select(ImportDocument.Of)]), TitanicJson.Default.ImportList);
    }

    /// <summary>An import is its sender's own, and administrators'.</summary>
    private static async Task<Outcome<ImportJob>> FindAsync(HttpContext http, Tenant tenant, TenantData data, Guid id, CancellationToken cancellation)
    {
        var job = await data.OneAsync(tenant, "import", new Question(ImportJob.Find, id), ImportJob.Read, cancellation);
        return job is not null && (job.Owner == http.Caller().Subject || http.Caller().Scopes.Contains(AccessMode.Admin)) ? job : Problem.NotFound("import");
    }

    private static Outcome<string> FormatOf(HttpRequest request) => (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant() switch
    {
        "text/csv" => "csv",
        "application/x-ndjson" or "application/ndjson" => "ndjson",
        _ => Unsupported("Send text/csv or application/x-ndjson."),
    };

    private static Stream Upload(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = BytesMax;
        }

        return http.Request.Body;
    }

    private static Problem Unsupported(string detail) => new(415, "unsupportedMediaType", "Not a kind of file that is taken", detail);
}
