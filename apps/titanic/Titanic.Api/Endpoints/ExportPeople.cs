using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Tables;
using Titanic.Api.Listing;
using Titanic.Api.People;
using Titanic.Api.Tenants;
using Titanic.Api.Transfer;

namespace Titanic.Api.Endpoints;

/// <summary>Everybody a filter lets through as a file that an import takes, a stretch at a time so that a list of any length fits into memory.</summary>
internal static class ExportPeople
{
    private const int Stretch = 1_000;

    public static void Map(IEndpointRouteBuilder api, AccessMode access) =>
        ListPeople.Filtered(access.Reads(api.MapGet("/people/export", HandleAsync)).WithName("exportPeople").WithSummary("People as a file.").Limited("transfer"))
            .Takes("format", "csv, in the layout most tools know, or ndjson.")
            .Produces<PersonDocument>(200, "text/csv", "application/x-ndjson");

    private static async Task HandleAsync(
        HttpContext http, [FromServices] PeopleReads reads, [FromServices] TenantData data, [FromServices] TimeProvider time, CancellationToken cancellation)
    {
        var query = Query.Of(http.Request);
        var (filter, format) = (PeopleFilter.Read(query), query.Text("format") ?? "csv");
        if (format is not ("csv" or "ndjson"))
        {
            query.Wrong("format", "notOneOf", "format must be csv or ndjson.");
        }

        var problem = query.Problem() ?? PeopleReads.RefuseDeleted(http, filter.Deleted);
        if (problem is not null || !reads.TenantOf(http).Is(out var tenant, out problem))
        {
            await problem.ToResult().ExecuteAsync(http);
            return;
        }

        http.Response.ContentType = format == "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"titanic-{time.GetUtcNow():yyyy-MM-dd}.{format}\"");
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }

        if (format == "csv")
        {
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(string.Join(',', FileLayout.KaggleColumns) + "\r\n"), cancellation);
        }

        for (var after = 0; ;)
        {
            var people = await data.ListAsync(tenant, "export", Ask(filter, after), PersonRows.Read, cancellation);
            await http.Response.Body.WriteAsync(format == "csv" ? Table(people) : Lines(people), cancellation);
            if (people.Count < Stretch)
            {
                return;
            }

            after = people[^1].PassengerId;
        }
    }

    private static Question Ask(PeopleFilter filter, int after)
    {
        var conditions = new PeopleConditions(filter);
        conditions.Add($"p.passenger_id > {conditions.Value(after)}");
        return new Question($"select {PersonRows.Columns} from people p where {conditions.All} order by p.passenger_id limit {Stretch}", conditions.Values);
    }

    private static byte[] Table(List<Person> people)
    {
        var text = new StringBuilder(people.Count * 110);
        foreach (var person in people)
        {
            var who = person.Content;
            CsvText.Write(
                text,
                [
                    PersonRows.Number(person.PassengerId), who.Survived ? "1" : "0", PersonRows.Number(who.Class), CsvText.Guard(who.Name), who.Sex, Amount(who.Age),
                    PersonRows.Number(who.SiblingsOrSpouses), PersonRows.Number(who.ParentsOrChildren), CsvText.Guard(who.Ticket ?? ""), Amount(who.Fare), CsvText.Guard(who.Cabin ?? ""), who.Embarked ?? "",
                ]);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static ReadOnlyMemory<byte> Lines(List<Person> people)
    {
        var buffer = new ArrayBufferWriter<byte>(people.Count * 320);
        foreach (var person in people)
        {
            var body = PersonRules.BodyOf(person.Content);
            body.PassengerId = person.PassengerId;
            buffer.Write(JsonSerializer.SerializeToUtf8Bytes(body, TitanicJson.Default.PersonBody));
            buffer.Write("\n"u8);
        }

        return buffer.WrittenMemory;
    }

    private static string Amount(decimal? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
