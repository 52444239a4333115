using Jackpot.Contracts.Views;

namespace Jackpot.Shard.OpenApi;

/// <summary>Maps an endpoint that reads and writes its own bytes, and tells /openapi/v1.json what they look like.</summary>
internal static class Documented
{
    const string Problem = "application/problem+json";

    public static RouteHandlerBuilder MapDocumentedGet<TAnswer>(this IEndpointRouteBuilder routes, string path, Func<HttpContext, Task> handler, string summary) =>
        routes.MapGet(path, (Delegate)handler).WithSummary(summary).Produces<TAnswer>().Produces<ProblemBody>(StatusCodes.Status404NotFound, Problem);

    public static RouteHandlerBuilder MapDocumentedPost<TBody, TAnswer>(
        this IEndpointRouteBuilder routes, string path, Func<HttpContext, Task> handler, string summary) where TBody : notnull =>
        Document<TBody, TAnswer>(routes.MapPost(path, (Delegate)handler), summary);

    public static RouteHandlerBuilder MapDocumentedPut<TBody, TAnswer>(
        this IEndpointRouteBuilder routes, string path, Func<HttpContext, Task> handler, string summary) where TBody : notnull =>
        Document<TBody, TAnswer>(routes.MapPut(path, (Delegate)handler), summary);

    static RouteHandlerBuilder Document<TBody, TAnswer>(RouteHandlerBuilder route, string summary) where TBody : notnull =>
        route.WithSummary(summary).Accepts<TBody>("application/json").Produces<TAnswer>()
            .Produces<ProblemBody>(StatusCodes.Status400BadRequest, Problem)
            .Produces<ProblemBody>(StatusCodes.Status409Conflict, Problem)
            .Produces<ProblemBody>(StatusCodes.Status413PayloadTooLarge, Problem)
            .Produces<ProblemBody>(StatusCodes.Status422UnprocessableEntity, Problem)
            .Produces<ProblemBody>(StatusCodes.Status503ServiceUnavailable, Problem);

    /// <summary>An admin step: a staff user is named, and a step that does not fit is refused.</summary>
    public static RouteHandlerBuilder MapAdminPost<TBody>(this IEndpointRouteBuilder routes, string path, Func<HttpContext, Task> handler, string summary) where TBody : notnull =>
        routes.MapPost(path, (Delegate)handler).WithSummary(summary).Accepts<TBody>("application/json").ProducesAdminProblems();

    /// <summary>An admin endpoint that puts something in its place.</summary>
    public static RouteHandlerBuilder MapDocumentedPut<TBody>(this IEndpointRouteBuilder routes, string path, Func<HttpContext, Task> handler, string summary) where TBody : notnull =>
        routes.MapPut(path, (Delegate)handler).WithSummary(summary).Accepts<TBody>("application/json")
            .Produces(StatusCodes.Status200OK).Produces(StatusCodes.Status201Created).ProducesAdminProblems();

    static RouteHandlerBuilder ProducesAdminProblems(this RouteHandlerBuilder endpoint) => endpoint
        .Produces<ProblemBody>(StatusCodes.Status400BadRequest, Problem)
        .Produces<ProblemBody>(StatusCodes.Status401Unauthorized, Problem)
        .Produces<ProblemBody>(StatusCodes.Status403Forbidden, Problem)
        .Produces<ProblemBody>(StatusCodes.Status404NotFound, Problem)
        .Produces<ProblemBody>(StatusCodes.Status409Conflict, Problem)
        .Produces<ProblemBody>(StatusCodes.Status413PayloadTooLarge, Problem)
        .Produces<ProblemBody>(StatusCodes.Status422UnprocessableEntity, Problem);
}
