package plugin

import (
	"encoding/json"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
)

// backendRequest is the body of POST /api/v1/grafana/query: see contracts/src/grafana/backend-request.ts.
type backendRequest struct {
	Queries     []storedQuery `json:"queries"`
	DefaultShop string        `json:"defaultShop,omitempty"`
	IsAlert     bool          `json:"isAlert,omitempty"`
}

// storedQuery is a query as it was saved, with what Grafana's server adds to it.
type storedQuery struct {
	RefID         string          `json:"refId"`
	Query         json.RawMessage `json:"query"`
	Range         timeRange       `json:"range"`
	MaxDataPoints int64           `json:"maxDataPoints"`
	IntervalMs    int64           `json:"intervalMs"`
}

// timeRange is in epoch ms, from inclusive, to exclusive.
type timeRange struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// toRequest leaves queries as they are, but for a name of their own: a rule may hold them without one.
func toRequest(request *backend.QueryDataRequest, defaultShop string) (backendRequest, error) {
	made := backendRequest{
		Queries:     make([]storedQuery, 0, len(request.Queries)),
		DefaultShop: defaultShop,
		IsAlert:     request.Headers[backend.FromAlertHeaderName] == "true",
	}
	for _, query := range request.Queries {
		stored, err := named(query)
		if err != nil {
			return backendRequest{}, err
		}
		made.Queries = append(made.Queries, storedQuery{
			RefID:         query.RefID,
			Query:         stored,
			Range:         timeRange{query.TimeRange.From.UnixMilli(), query.TimeRange.To.UnixMilli()},
			MaxDataPoints: query.MaxDataPoints,
			IntervalMs:    query.Interval.Milliseconds(),
		})
	}
	return made, nil
}

func named(query backend.DataQuery) (json.RawMessage, error) {
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(query.JSON, &fields); err != nil {
		return nil, err
	}
	name, err := json.Marshal(query.RefID)
	if err != nil {
		return nil, err
	}
	fields["refId"] = name
	return json.Marshal(fields)
}
