package clv

// #include "clv.h"
import "C"

import "fmt"

// Note is one sentence of libclv: an error, or a note of a job that went on.
type Note struct {
	Status  int
	Level   int
	Row     int64  // from 0; -1 where it is not about a row
	Column  string // "" where it is not about a column
	Message string
	Hint    string // what to do about it, or ""
	Plugin  string // whose fault it is, or "" for libclv itself
}

// Error is a failed call: what failed, and all that was said before it.
type Error struct {
	Note
	Notes []Note
}

func (e *Error) Error() string { return e.Message }

// Name is "CLV_E_DATA" and the like.
func (e *Error) Name() string { return C.GoString(C.clv_status_name(C.clv_status(e.Status))) }

// Is makes errors.Is(err, clv.Status(clv.StatusData)) work.
func (e *Error) Is(target error) bool {
	status, ok := target.(Status)
	return ok && int(status) == e.Status
}

// Status is a status to compare an error with.
type Status int

func (s Status) Error() string { return C.GoString(C.clv_status_name(C.clv_status(s))) }

func notes(diag *C.clv_diag) []Note {
	var all []Note
	for i := C.int64_t(0); i < C.clv_diag_count(diag); i++ {
		entry := C.clv_diag_entry{struct_size: C.sizeof_clv_diag_entry}
		if C.clv_diag_get(diag, i, &entry) < 0 {
			break
		}
		all = append(all, Note{
			Status:  int(entry.status),
			Level:   int(entry.level),
			Row:     int64(entry.row),
			Column:  C.GoString(entry.column),
			Message: C.GoString(entry.message),
			Hint:    C.GoString(entry.hint),
			Plugin:  C.GoString(entry.plugin_id),
		})
	}
	return all
}

func failure(status C.clv_status, said []Note) error {
	for i := len(said) - 1; i >= 0; i-- {
		if said[i].Level == LogError {
			return &Error{Note: said[i], Notes: said}
		}
	}
	name := C.GoString(C.clv_status_name(status))
	return &Error{Note: Note{Status: int(status), Level: LogError, Row: -1, Message: name}, Notes: said}
}

func invalid(column, format string, values ...any) error {
	wrong := Note{Status: StatusInvalid, Level: LogError, Row: -1, Column: column, Message: fmt.Sprintf(format, values...)}
	return &Error{Note: wrong, Notes: []Note{wrong}}
}

// call gives the function memory and a diag of its own, and turns a failure into an error.
func call(function func(m *memory, diag *C.clv_diag) C.clv_status) (err error) {
	m := &memory{}
	defer m.free()
	diag := C.clv_diag_new()
	defer C.clv_diag_free(diag)
	defer func() {
		switch given := recover().(type) {
		case nil:
		case refusal:
			err = given.err
		default:
			panic(given)
		}
	}()
	if status := function(m, diag); status < 0 {
		return failure(status, notes(diag))
	}
	return nil
}
