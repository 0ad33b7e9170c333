using System.Text.Json.Serialization;
using Titanic.Api.Auditing;
using Titanic.Api.People;
using Titanic.Api.Seeding;
using Titanic.Api.Statistics;
using Titanic.Api.Transfer;

namespace Titanic.Api.Endpoints;

/// <summary>Everything this service reads and writes as JSON. People and lists of them are written by hand; their types tell the document.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(InstantConverter)])]
[JsonSerializable(typeof(PersonBody))]
[JsonSerializable(typeof(PersonDocument))]
[JsonSerializable(typeof(PeoplePageDocument))]
[JsonSerializable(typeof(SearchDocument))]
[JsonSerializable(typeof(StatsDocument))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AuditVerdict))]
[JsonSerializable(typeof(HoldBody))]
[JsonSerializable(typeof(PersonEventDocument))]
[JsonSerializable(typeof(ImportDocument))]
[JsonSerializable(typeof(ImportList))]
[JsonSerializable(typeof(IReadOnlyList<RowError>))]
[JsonSerializable(typeof(GraphBody))]
[JsonSerializable(typeof(GraphDocument))]
[JsonSerializable(typeof(HistogramDocument))]
[JsonSerializable(typeof(SurvivalDocument))]
[JsonSerializable(typeof(ExpandBody))]
[JsonSerializable(typeof(Expansion))]
internal sealed partial class TitanicJson : JsonSerializerContext;
