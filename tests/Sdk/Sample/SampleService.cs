using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Tests.Sample;

/// <summary>The smallest service that shows every part of the kit over HTTP.</summary>
public static class SampleService
{
    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create("sample", args, options);
        service.Json(SampleJson.Default);
        service.UseCallers("sample");
        service.UseCors();
        return service;
    }

    public static void Map(WebApplication app)
    {
        app.MapPost("/api/v1/notes", CreateAsync).OpenToAll("a sample").WithName("createNote").WithTags("notes");
        app.MapGet("/api/v1/notes", List).OpenToAll("a sample").WithName("listNotes").WithTags("notes");
        app.MapGet("/api/v1/me", (HttpContext http) => Reply.Ok(new Note(http.Caller().Subject, null), SampleJson.Default.Note)).Requires("sample.notes:read").WithName("getMe");
        app.MapGet("/api/v1/broken", IResult () => throw new InvalidOperationException("a secret of ours")).OpenToAll("a sample").WithName("getBroken");
    }

    private static async Task<IResult> CreateAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await Body.ReadAsync(request, SampleJson.Default.Note, cancellation: cancellation);
        if (!body.Is(out var note, out var problem))
        {
            return problem.ToResult();
        }

        var findings = new Findings();
        var text = findings.Text("/text", note.Text, max: 20);
        return findings.Any
            ? findings.ToProblem().ToResult()
            : Reply.Created("/api/v1/notes/1", note with { Text = text }, SampleJson.Default.Note, Versions.ETag(1));
    }

    private static IResult List(HttpRequest request)
    {
        var query = Query.Of(request);
        var text = query.Text("text");
        return query.Problem() is { } problem ? problem.ToResult() : Reply.Ok(new Note(text ?? "", null), SampleJson.Default.Note);
    }
}

public sealed record Note(string Text, int? Stars);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Note))]
internal sealed partial class SampleJson : JsonSerializerContext;
